import { recordsCases } from './records-cases.ts';

recordsCases('cluster');
