/** Kafka's rule for topic names, in words (org.apache.kafka.common.internals.Topic). */
export const TOPIC_NAME_RULE =
  '1 to 249 of the characters a-z A-Z 0-9 . _ -, but not . or .. alone';

export function isTopicName(name: string): boolean {
  return /^[a-zA-Z0-9._-]{1,249}$/.test(name) && name !== '.' && name !== '..';
}
