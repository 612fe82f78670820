#!/usr/bin/env bash
# What the scheduler calls (docs/deploy.md: The hourly tick, Managed refresh); made, or brought up to
# date.
set -euo pipefail
: "${PROJECT_ID:?}" "${REGION:?}" "${MANAGED:?}"

job() { gcloud scheduler jobs "$@" --project="$PROJECT_ID" --location="$REGION"; }

call() { # name, when, function, path, seconds
  local url="https://${REGION}-${PROJECT_ID}.cloudfunctions.net/$3" verb=create headers=--headers
  if job describe "$1" >/dev/null 2>&1; then
    verb=update headers=--update-headers
  fi
  job "$verb" http "$1" --schedule="$2" --uri="$url/$4" --http-method=POST --message-body="{}" \
    "$headers=Content-Type=application/json" --attempt-deadline="$5" --max-retry-attempts=0 \
    --oidc-service-account-email="counterfoil-scheduler@${PROJECT_ID}.iam.gserviceaccount.com" \
    --oidc-token-audience="$url"
}

call counterfoil-tick "17 * * * *" token_refresh idle 320s
if [ "$MANAGED" -gt 0 ]; then
  call counterfoil-managed "* * * * *" managed_refresh tick 620s
elif job describe counterfoil-managed >/dev/null 2>&1; then
  job delete counterfoil-managed --quiet
fi
