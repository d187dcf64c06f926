/** Format of the log lines of the library's scripts. */
export enum RedisLogFormat {
  /** The time and the message: `07:52:14 all well`. */
  TEXT = 'text',

  /** An object in each line, with the fields `time` (RFC 3339) and `message`. */
  JSON = 'json',
}
