/** How a process names itself in its spans. */
export interface TracingOptions {
  /** `service.name`, unless OTEL_SERVICE_NAME says another. */
  readonly service: string;
  readonly environment: string;
  readonly version: string;
  readonly env: NodeJS.ProcessEnv;
}
