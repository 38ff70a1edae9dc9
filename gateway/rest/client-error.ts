import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { SluiceError } from '@sluice/kernel/errors/sluice-error';
import { errorAnswer } from './http/error-answer.ts';

/** Statuses that Node's own server gives these errors. */
const statuses: Readonly<Record<string, number>> = {
  HPE_HEADER_OVERFLOW: 431,
  ERR_HTTP_REQUEST_TIMEOUT: 408,
};

/** Answers what is no HTTP request at all, or came too slowly, and ends the connection. */
export const answerClientError = (error: Error & { readonly code?: string }, socket: Socket): void => {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const { status, body } = errorAnswer(new SluiceError('MALFORMED_REQUEST', error.message), '');
  const code = statuses[error.code ?? ''] ?? status;
  const head = `HTTP/1.1 ${code} ${STATUS_CODES[code]}`;
  socket.end(
    `${head}\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\nconnection: close\r\n\r\n${String(body)}`,
  );
};
