import { SluiceError } from '../../errors/sluice-error.ts';

const usualPort = 9092;
const form = 'kafka://<host>:<port>, and more of them after commas';
const address = /^(?<host>\[[0-9a-fA-F:.]+\]|[^\s:/?#@[\]]+)(?::(?<port>\d{1,5}))?$/;

/**
 * `kafka://one:9092,two:9092`: addresses of some brokers, from which the others are learned; a port that is not given
 * is 9092.
 * @throws SluiceError INVALID_INPUT
 */
export const parseKafkaUrl = (url: string): string[] => {
  const [, list = ''] = /^kafka:\/\/(.*?)\/?$/.exec(url) ?? [];
  return list.split(',').map((text) => {
    const { host, port = `${usualPort}` } = address.exec(text.trim())?.groups ?? {};
    if (host === undefined || Number(port) < 1 || Number(port) > 65_535)
      throw new SluiceError('INVALID_INPUT', `EVENT_LOG_URL: expected ${form}, got ${url}`);
    return `${host}:${port}`;
  });
};
