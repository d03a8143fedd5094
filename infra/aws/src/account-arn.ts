import { Aws } from 'aws-cdk-lib';

/** The ARN of something of the account and region the stack is in. */
export function accountArn(service: string, resource: string): string {
  return `arn:${Aws.PARTITION}:${service}:${Aws.REGION}:${Aws.ACCOUNT_ID}:${resource}`;
}

/** The same as cdk-nag names it in a finding. */
export function arnInFinding(service: string, resource: string): string {
  return `arn:<AWS::Partition>:${service}:<AWS::Region>:<AWS::AccountId>:${resource}`;
}
