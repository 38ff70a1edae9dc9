import { streamsCases } from './streams-cases.ts';

streamsCases('cluster');
