import { recordsCases } from './records-cases.ts';

recordsCases('embedded');
