import {
  AbortMultipartUploadCommand,
  type CompletedPart,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  type S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';

/**
 * Writes an object in parts, one after the other; it appears with the last step. Where a part fails, or
 * cannot be read, nothing appears, and what was sent is given up.
 */
export const putParts = async (
  client: S3Client,
  object: { readonly Bucket: string; readonly Key: string },
  parts: AsyncIterable<Uint8Array>,
): Promise<void> => {
  // Parts bring sums where the SDK makes them (AWS_REQUEST_CHECKSUM_CALCULATION), and then this must say which.
  const isSummed = (await client.config.requestChecksumCalculation()) === 'WHEN_SUPPORTED';
  const { UploadId } = await client.send(
    new CreateMultipartUploadCommand({ ...object, ...(isSummed && { ChecksumAlgorithm: 'CRC32' }) }),
  );
  const upload = { ...object, UploadId };
  try {
    const Parts: CompletedPart[] = [];
    for await (const Body of parts) {
      const PartNumber = Parts.length + 1;
      const { ETag, ChecksumCRC32 } = await client.send(
        new UploadPartCommand({ ...upload, PartNumber, Body }),
      );
      Parts.push({ ETag, PartNumber, ChecksumCRC32 });
    }
    await client.send(new CompleteMultipartUploadCommand({ ...upload, MultipartUpload: { Parts } }));
  } catch (error) {
    // Without an answer it stays behind, until the bucket's rule for unfinished uploads takes it.
    await client.send(new AbortMultipartUploadCommand(upload)).catch(() => undefined);
    throw error;
  }
};
