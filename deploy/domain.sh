#!/usr/bin/env bash
# A domain of your own in front of the functions: Intuit wants one for production keys.
# By a person with roles/compute.admin, after the first deployment; may be repeated.
#   PROJECT_ID=my-project REGION=europe-west1 DOMAIN=counterfoil.example.com bash deploy/domain.sh
# An external Application Load Balancer costs about $18 a month whether it is used or not.
set -euo pipefail
cd "$(dirname "$0")/.."
: "${PROJECT_ID:?}" "${REGION:?}" "${DOMAIN:?}"

cloud() { gcloud compute "$@" --project="$PROJECT_ID"; }
there() { cloud "$@" >/dev/null 2>&1; }

gcloud services enable compute.googleapis.com --project="$PROJECT_ID"
there addresses describe counterfoil --global || cloud addresses create counterfoil --global

map="$(mktemp)"
cat >"$map" <<END
name: counterfoil
defaultService: projects/$PROJECT_ID/global/backendServices/counterfoil-pages
hostRules:
- hosts: ['$DOMAIN']
  pathMatcher: functions
pathMatchers:
- name: functions
  defaultService: projects/$PROJECT_ID/global/backendServices/counterfoil-pages
  routeRules:
END
priority=0
while IFS=$'\t' read -r name who _; do
  # token_refresh is for our own services, at its own address.
  [ "$who" = everyone ] || continue
  # A function of the second generation is a Cloud Run service, and that is what its NEG names; the
  # service has the function's name with hyphens
  # (https://cloud.google.com/load-balancing/docs/negs/serverless-neg-concepts).
  service="${name//_/-}" back="counterfoil-${name//_/-}"
  there network-endpoint-groups describe "$back" --region="$REGION" ||
    cloud network-endpoint-groups create "$back" --region="$REGION" \
      --network-endpoint-type=serverless --cloud-run-service="$service"
  there backend-services describe "$back" --global ||
    cloud backend-services create "$back" --global --load-balancing-scheme=EXTERNAL_MANAGED
  # Looked at by itself: a run may have ended between the two.
  if [ -z "$(cloud backend-services describe "$back" --global --format="value(backends[].group)")" ]; then
    cloud backend-services add-backend "$back" --global --network-endpoint-group="$back" \
      --network-endpoint-group-region="$REGION"
  fi
  priority=$((priority + 1))
  # A function does not know its own name: what it is sent begins behind it.
  cat >>"$map" <<END
  - priority: $priority
    matchRules:
    - fullPathMatch: /$name
    - prefixMatch: /$name/
    service: projects/$PROJECT_ID/global/backendServices/$back
    routeAction:
      urlRewrite: {pathPrefixRewrite: /}
END
done < <(grep -v '^#' deploy/functions.tsv)
cloud url-maps import counterfoil --source="$map" --global --quiet
rm -f "$map"

there ssl-certificates describe counterfoil --global ||
  cloud ssl-certificates create counterfoil --global --domains="$DOMAIN"
there ssl-policies describe counterfoil --global ||
  cloud ssl-policies create counterfoil --global --profile=MODERN --min-tls-version=1.2
there target-https-proxies describe counterfoil --global ||
  cloud target-https-proxies create counterfoil --global --url-map=counterfoil \
    --ssl-certificates=counterfoil --ssl-policy=counterfoil
there forwarding-rules describe counterfoil --global ||
  cloud forwarding-rules create counterfoil --global --address=counterfoil --ports=443 \
    --target-https-proxy=counterfoil --load-balancing-scheme=EXTERNAL_MANAGED

echo "Point $DOMAIN at $(cloud addresses describe counterfoil --global --format='value(address)')"
