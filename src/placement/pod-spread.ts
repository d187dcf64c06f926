/** How the pods are spread over Kubernetes nodes and zones. */
export enum PodSpread {
  /** As evenly as the nodes allow; a pod that does not fit runs all the same. */
  PREFERRED = 'ScheduleAnyway',

  /** Evenly or not at all: a pod that would upset the balance of nodes or zones stays Pending. */
  REQUIRED = 'DoNotSchedule',
}
