import { Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/**
 * Accepts one finding of cdk-nag for one resource, with the reason. A rule with several findings needs each by its
 * name in brackets, as `AwsSolutions-IAM5[Resource::*]`.
 */
export function acceptFinding(
  resource: IConstruct,
  finding: string,
  { reason }: { readonly reason: string },
): void {
  Validations.of(resource).acknowledge({ id: finding, reason });
}
