import { dayTwoRecords } from './day-two';
import { faultRecords } from './fault-records';

export default function forgetFormerRun(): void {
  faultRecords.forget();
  dayTwoRecords.forget();
}
