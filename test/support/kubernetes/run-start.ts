import { dayTwoRecords } from './day-two';
import { faultRecords } from './fault-records';
import { createRunFolder } from '../run-folder';

export default function startRun(): void {
  createRunFolder();
  faultRecords.forget();
  dayTwoRecords.forget();
}
