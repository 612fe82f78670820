#!/usr/bin/env bash
# Deploys each function of deploy/functions.tsv, four at a time; what is there is replaced.
set -euo pipefail
cd "$(dirname "$0")/.."
: "${PROJECT_ID:?}" "${REGION:?}" "${INTUIT_SECRET_VERSION:?}" "${SETTINGS_FILE:?}"

place() { gcloud "$@" --project="$PROJECT_ID" --region="$REGION"; }

deploy() { # a line of the table
  IFS=$'\t' read -r name who account memory concurrency timeout most <<<"$1"
  local accounts="iam.gserviceaccount.com" settings source=functions
  local secrets="--set-secrets=INTUIT_CLIENT_SECRET=counterfoil-intuit-secret:$INTUIT_SECRET_VERSION"
  # functions-framework serves as many requests at once as THREADS says, whatever Cloud Run sends.
  settings="$(mktemp)"
  sed "1s/{/{\"THREADS\": \"$concurrency\",/" "$SETTINGS_FILE" >"$settings"
  # Who asks Intuit for no token has no client secret; what an earlier build gave it goes.
  if [ "$account" != tokens ]; then
    sed -i '1s/{/{"COUNTERFOIL_TOKENS": "elsewhere",/' "$settings"
    secrets=--clear-secrets
  fi
  # Letters go with the hourly tick, so no other function knows the mail server.
  if [ "$name" != token_refresh ]; then
    sed -i '/^ "SMTP_/d' "$settings"
  elif [ -n "${SMTP_PASSWORD_VERSION:-}" ]; then
    secrets="$secrets,SMTP_PASSWORD=counterfoil-smtp-password:$SMTP_PASSWORD_VERSION"
  fi
  # Google's client for the Sheets API goes up with this function alone.
  if [ "$name" = managed_refresh ]; then
    source="$(mktemp -d)"
    cp -R functions/. "$source"
    mv "$source/requirements-managed.txt" "$source/requirements.txt"
  fi
  # To the latest revision even where somebody has gone back to one before (docs/runbook.md).
  place functions deploy "$name" --gen2 --runtime=python312 --source="$source" \
    --entry-point="$name" --trigger-http --no-allow-unauthenticated --ingress-settings=all \
    --service-account="counterfoil-$account@$PROJECT_ID.$accounts" \
    --build-service-account="projects/$PROJECT_ID/serviceAccounts/counterfoil-build@$PROJECT_ID.$accounts" \
    --env-vars-file="$settings" \
    "$secrets" \
    --cpu=1 --memory="$memory" --concurrency="$concurrency" --timeout="$timeout" \
    --min-instances=0 --max-instances="$most" --serve-all-traffic-latest-revision --quiet
  rm -f "$settings"
  [ "$source" = functions ] || rm -rf "$source"
  local service
  service="$(basename "$(place functions describe "$name" --gen2 --format='value(serviceConfig.service)')")"
  if [ "$who" = everyone ]; then
    # Not allUsers, which an organisation may forbid: the function itself says who may come in.
    place run services update "$service" --no-invoker-iam-check --quiet
  else
    for caller in web tokens managed scheduler; do
      place run services add-iam-policy-binding "$service" --role=roles/run.invoker \
        --member="serviceAccount:counterfoil-$caller@$PROJECT_ID.$accounts" --quiet >/dev/null
    done
    # A refresh goes on when whoever asked has given up, so the processor must not be taken away.
    place run services update "$service" --no-cpu-throttling --quiet
  fi
}

if [ $# -gt 0 ]; then
  deploy "$1"
else
  grep -v '^#' deploy/functions.tsv | tr '\n' '\0' | xargs -0 -n 1 -P 4 bash deploy/functions.sh
fi
