import { defineErrors } from './error-entry.ts';

/** What starting, following and stopping a run on AWS Glue may end with. */
export const glueErrors = defineErrors({
  SCRIPT_TORN: {
    status: 502,
    exit: 1,
    found: 'The job was uploaded to {script} {tries} times and is not there as it was sent.',
    wanted: 'AWS Glue must run exactly the generated job.',
    next: 'Look at the network and at who else writes there, then start the pipeline again.',
  },
  GLUE_START_UNSURE: {
    status: 503,
    exit: 1,
    found:
      'AWS Glue did not say whether it has started a run of {job}, and shows none yet: {problem}.',
    wanted: 'A second run is only started when it is sure that there is no first one.',
    next: 'Wait: the run is looked for again by itself.',
  },
  GLUE_RUN_FAILED: {
    status: 500,
    exit: 1,
    found: 'The run {run} of AWS Glue ended as {state}: {problem}.',
    wanted: 'A streaming job goes on until it is asked to stop.',
    next: 'Read the evidence and the log of the run, then start the pipeline again.',
  },
  GLUE_RUN_QUEUED: {
    status: 200,
    exit: 1,
    found: 'AWS Glue keeps the run {run} waiting: {problem}.',
    wanted: 'The account needs room for another run.',
    next: 'Wait, end other runs, or ask AWS for a higher limit.',
  },
  GLUE_RUN_RESTARTING: {
    status: 200,
    exit: 1,
    found: 'AWS Glue has ended the run {run} for its maintenance and starts another in its place.',
    wanted: 'A streaming run is replaced by AWS every seven days and goes on from its checkpoint.',
    next: 'Wait: the new run is followed by itself.',
  },
  GLUE_STATE_UNKNOWN: {
    status: 200,
    exit: 1,
    found: 'AWS Glue says that the run {run} is {state}, which this Sluice does not know.',
    wanted: 'One of the states of a run that were known when it was written.',
    next: 'Look at the run in the console of AWS Glue; no second one is started meanwhile.',
  },
  GLUE_STOP_REFUSED: {
    status: 502,
    exit: 1,
    found: 'AWS Glue does not stop the run {run}: {problem}.',
    wanted: 'A run that has not ended can be stopped.',
    next: 'Stop it in the console of AWS Glue; Sluice tries again meanwhile.',
  },
});
