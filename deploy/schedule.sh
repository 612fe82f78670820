#!/usr/bin/env bash
# The hourly tick (docs/deploy.md: The hourly tick); made, or brought up to date.
set -euo pipefail
: "${PROJECT_ID:?}" "${REGION:?}"

URL="https://${REGION}-${PROJECT_ID}.cloudfunctions.net/token_refresh"
verb=create headers=--headers
if gcloud scheduler jobs describe counterfoil-tick --project="$PROJECT_ID" --location="$REGION" >/dev/null 2>&1; then
  verb=update headers=--update-headers
fi
gcloud scheduler jobs "$verb" http counterfoil-tick --project="$PROJECT_ID" --location="$REGION" \
  --schedule="17 * * * *" --uri="$URL/idle" --http-method=POST --message-body="{}" \
  "$headers=Content-Type=application/json" --attempt-deadline=320s --max-retry-attempts=0 \
  --oidc-service-account-email="counterfoil-scheduler@${PROJECT_ID}.iam.gserviceaccount.com" \
  --oidc-token-audience="$URL"
