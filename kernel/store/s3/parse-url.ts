/** What an s3: URL names. */
export interface BucketName {
  readonly bucket: string;
  /** In front of every key: empty, or ending with a slash. */
  readonly prefix: string;
}

/** `s3://bucket` or `s3://bucket/some/prefix`; undefined: it is neither. */
export const parseS3Url = (url: string): BucketName | undefined => {
  const [, bucket, path = ''] = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:\/(.*))?$/.exec(url) ?? [];
  if (bucket === undefined || /[?#]/.test(path)) return undefined;
  const names = path.split('/').filter((name) => name !== '');
  if (names.some((name) => name === '.' || name === '..')) return undefined;
  return { bucket, prefix: names.map((name) => `${name}/`).join('') };
};
