import { problem } from '../checks/problem';

/** What a field of a schedule may hold. */
interface Field {
  readonly min: number;
  readonly max: number;
  /** Names of its numbers, from `min` on. */
  readonly names?: readonly string[];
}

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

/** Minute, hour, day of the month, month and day of the week; Kubernetes takes no 7 for Sunday. */
const FIELDS: readonly Field[] = [
  { min: 0, max: 59 }, { min: 0, max: 23 }, { min: 1, max: 31 }, { min: 1, max: 12, names: MONTHS }, { min: 0, max: 6, names: DAYS },
];
const WORDS = /^@(yearly|annually|monthly|weekly|daily|midnight|hourly|every (\d+(\.\d+)?[hms])+)$/;

/** Problems for which the API server would refuse the CronJob; it reads schedules by robfig/cron, and time zones by Go. */
export function scheduleProblems(schedule: string, timeZone: string | undefined): string[] {
  return [
    ...WORDS.test(schedule) || isFiveFields(String(schedule)) ? []
      : [problem('schedule', 'be five fields as cron has them, such as 15 3 * * *', schedule, 'Kubernetes would refuse it; its Sunday is 0, not 7, and ranges ascend')],
    ...timeZone === undefined || isTimeZone(timeZone) ? []
      : [problem('timeZone', 'be the name of a time zone, such as Europe/Berlin', timeZone,
        'Kubernetes has those of the IANA database, in their case; one that is newer than this Node.js is unknown here')],
  ];
}

function isFiveFields(schedule: string): boolean {
  const fields = schedule.trim().split(/\s+/);
  return fields.length === FIELDS.length && FIELDS.every((field, index) => fields[index].split(',').every(part => isRange(part, field)));
}

/** All values, one, or those from one to another; in steps, if it has any. */
function isRange(part: string, { min, max, names = [] }: Field): boolean {
  const [match, any, first = '', last = first, step = '1'] = /^(?:([*?])|(\w+)(?:-(\w+))?)(?:\/(\d+))?$/.exec(part) ?? [];
  const numberOf = (word: string) => /^\d+$/.test(word) ? Number(word) : names.indexOf(word.toLowerCase()) + min; // an unknown name is below the bounds
  const isAscending = min <= numberOf(first) && numberOf(first) <= numberOf(last) && numberOf(last) <= max;
  return match !== undefined && (any !== undefined || isAscending) && Number(step) > 0;
}

/** Names that Node.js has and Go has not: those of Java, and those that the database dropped. */
const NOT_OF_THE_DATABASE = /^(SystemV\/.*|US\/Pacific-New|Canada\/East-Saskatchewan|(?!CET|EET|EST|GMT|HST|MET|MST|PRC|ROC|ROK|UCT|UTC|WET)[A-Z]{3})$/;
/** Words of names begin with capitals, and but for NZ-CHAT none has four of them in a row. */
const WRONG_CASE = /(^|[/_-])(?!au-|es_|of_)[a-z]|(?!CHAT)[A-Z]{4}|^ETC/;

/** Node.js takes a name in any case, and lists only one of the names that a zone has: those of the others are known by their looks. */
function isTimeZone(name: string): boolean {
  const listed = Intl.supportedValuesOf('timeZone').find(zone => zone.toLowerCase() === name.toLowerCase());
  return listed === undefined ? /^[A-Z]/.test(name) && !WRONG_CASE.test(name) && !NOT_OF_THE_DATABASE.test(name) && isKnown(name) : listed === name;
}

function isKnown(timeZone: string): boolean {
  try {
    return Boolean(new Intl.DateTimeFormat('en', { timeZone }));
  } catch {
    return false;
  }
}
