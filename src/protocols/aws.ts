import { FobError } from "../errors.ts";
import { expiryTime } from "./expiry.ts";
import {
  type Answer,
  type Call,
  getRequest,
  type Protocol,
  type Reply,
  type Request,
  stderrFailure,
  stdoutReply,
} from "./protocol.ts";

/**
 * The `credential_process` of the AWS CLI and SDKs, version 1: "Process credential provider" in the AWS SDKs
 * and Tools reference; run with botocore 1.43. There are no words, not even a host: what comes of it signs
 * requests to AWS. Botocore refreshes fifteen minutes before the end, and asks each time where nothing
 * lives longer.
 */
export const aws: Protocol = {
  minTtl: 900_000,
  readsInput: () => false,
  parse,
  fail: stderrFailure,
};

function parse({ argv }: Call): Request {
  if (argv.length > 0) {
    throw new FobError("usage", "fob helper aws takes no words after its options");
  }
  return getRequest({}, write, stderrFailure("There is no access key for AWS"));
}

function write({ secret, accessKey, expiresAt }: Answer): Reply {
  if (accessKey === undefined) {
    throw new FobError("usage", "The login holds no access key of AWS");
  }
  const fields = {
    Version: 1,
    AccessKeyId: accessKey.id,
    SecretAccessKey: secret.reveal(),
    SessionToken: accessKey.sessionToken?.reveal(),
    Expiration: expiryTime(expiresAt),
    AccountId: accessKey.accountId,
  };
  return stdoutReply(`${JSON.stringify(fields)}\n`);
}
