import { forgetFaults } from './fault-records';

export default forgetFaults;
