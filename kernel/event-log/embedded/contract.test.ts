import { eventLogContract } from '../testing/contract.ts';
import { embeddedLogs } from '../testing/embedded-log.ts';

eventLogContract(embeddedLogs);
