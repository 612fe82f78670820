#!/usr/bin/env bash
# The database and the secrets, and who reads these. Each is made if it is not there.
set -euo pipefail
: "${PROJECT_ID:?}" "${FIRESTORE_LOCATION:?}" "${COUNTERFOIL_SECRETS:?}" "${MANAGED:?}"

account() { echo "counterfoil-$1@${PROJECT_ID}.iam.gserviceaccount.com"; }

# Accounts and their roles in the project are an owner's to make.
# Those that _MANAGED_ACCOUNTS names may be another project's, where the build sees nothing.
[ -z "${MANAGED_ACCOUNTS:-}" ] || MANAGED=0
writers="$(for ((n = 1; n <= MANAGED; n++)); do echo "sheets-$n"; done)"
for name in web tokens managed scheduler build $writers; do
  if ! gcloud iam service-accounts describe "$(account "$name")" --project="$PROJECT_ID" \
    >/dev/null 2>&1; then
    echo "The account counterfoil-$name is missing: run deploy/bootstrap.sh as an owner of the" >&2
    echo "project, with MANAGED=$MANAGED COUNTERFOIL_SECRETS=$COUNTERFOIL_SECRETS" >&2
    echo "(docs/deploy.md, step 1). Where it is there, that lets the build see it." >&2
    exit 1
  fi
done

gcloud firestore databases describe --database="$DATABASE" --project="$PROJECT_ID" >/dev/null 2>&1 ||
  gcloud firestore databases create --database="$DATABASE" --project="$PROJECT_ID" \
    --location="$FIRESTORE_LOCATION" --type=firestore-native --delete-protection

# 32 random bytes, made here once and seen by nobody (docs/deploy.md: The master key).
gcloud secrets describe counterfoil-key --project="$PROJECT_ID" >/dev/null 2>&1 ||
  head -c 32 /dev/urandom | base64 | gcloud secrets create counterfoil-key \
    --project="$PROJECT_ID" --replication-policy=automatic --data-file=-

if ! gcloud secrets describe counterfoil-intuit-secret --project="$PROJECT_ID" >/dev/null 2>&1; then
  echo "The secret counterfoil-intuit-secret is missing: put the Intuit app's client secret" >&2
  echo "there first (docs/deploy.md, step 3)." >&2
  exit 1
fi

reads() { # account, secret
  gcloud secrets add-iam-policy-binding "$2" --project="$PROJECT_ID" \
    --member="serviceAccount:$(account "$1")" --role=roles/secretmanager.secretAccessor \
    --quiet >/dev/null
}

for name in web tokens managed; do
  reads "$name" counterfoil-key
done
# Only "tokens" asks Intuit for tokens; and in the hourly tick it tells the mail server its password,
# where there is one.
reads tokens counterfoil-intuit-secret
if [ -n "${SMTP_PASSWORD_VERSION:-}" ]; then
  reads tokens counterfoil-smtp-password
fi
