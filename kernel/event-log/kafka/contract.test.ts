import { eventLogContract } from '../testing/contract.ts';
import { kafkaLogs } from '../testing/kafka-log.ts';

eventLogContract(kafkaLogs);
