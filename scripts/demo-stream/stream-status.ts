/** As much of `GET /v1/streams/{name}` as the demo looks at. */
export interface StreamStatus {
  readonly state?: string;
  readonly lastError?: string;
  readonly lagMessages?: number;
  readonly lagSeconds?: number;
  readonly rate?: number;
  readonly partitions?: readonly { readonly deadLetters?: number }[];
}

/** How the stream stands, as the gateway says; undefined while it does not know it yet. */
export const askStatus = async (url: string, name: string): Promise<StreamStatus | undefined> => {
  const response = await fetch(`${url}/v1/streams/${name}`);
  if (!response.ok) return undefined;
  const { stream } = (await response.json()) as { readonly stream: StreamStatus };
  return stream;
};

export const deadLettersOf = ({ partitions = [] }: StreamStatus): number =>
  partitions.reduce((sum, { deadLetters = 0 }) => sum + deadLetters, 0);

/** Whether what became known about a prediction is found with it. */
export const isJoined = async (url: string, predictionId: string): Promise<boolean> => {
  const response = await fetch(`${url}/v1/predictions/${predictionId}`);
  if (!response.ok) return false;
  const { feedback = [] } = (await response.json()) as { readonly feedback?: readonly unknown[] };
  return feedback.length > 0;
};
