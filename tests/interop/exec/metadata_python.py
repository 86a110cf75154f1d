"""Sends the request of databricks-sdk-py to a metadata service (credentials_provider.py, MetadataServiceTokenSource)."""

import json
import os
import sys
import urllib.request
from datetime import datetime

request = urllib.request.Request(
    os.environ["DATABRICKS_METADATA_SERVICE_URL"],
    headers={
        "X-Databricks-Metadata-Version": "1",
        "X-Databricks-Host": os.environ["DATABRICKS_HOST"],
    },
)
with urllib.request.urlopen(request, timeout=10) as response:
    answer = json.load(response)
if answer.get("access_token") is None or answer.get("token_type") is None:
    sys.exit("empty token")
if answer["expires_on"] in ["", None]:
    sys.exit("invalid expiry")
# A naive local time, compared with a naive now.
expiry = datetime.fromtimestamp(answer["expires_on"])
left = (expiry - datetime.now()).total_seconds()
print(json.dumps({"header": f'{answer["token_type"]} {answer["access_token"]}', "left": left}))
