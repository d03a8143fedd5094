import { defaultProvider } from '@aws-sdk/credential-provider-node';

type Provider = ReturnType<typeof defaultProvider>;

/** In ms. The SDK asks again five minutes before the end, so it asks again after what is above that. */
const askAgainAfter = 30_000;
const askedBeforeEnd = 300_000;

/**
 * Credentials from the usual places of the SDK: environment, profile, role. Keys that name no end, such as those of
 * a profile, are kept for ever by the SDK; here they are read again after half a minute, so that a service that was
 * refused goes on when somebody has put in new ones.
 */
export function awsCredentials(): Provider {
  let provider = defaultProvider({ ignoreCache: true });
  return async (options) => {
    const found = await provider(options);
    if (found.expiration) return found;
    provider = defaultProvider({ ignoreCache: true });
    return { ...found, expiration: new Date(Date.now() + askedBeforeEnd + askAgainAfter) };
  };
}
