#!/usr/bin/env bash
# Service accounts with least roles, the database, the secrets. Each is made if it is not there.
set -euo pipefail
: "${PROJECT_ID:?}" "${FIRESTORE_LOCATION:?}" "${COUNTERFOIL_SECRETS:?}" "${MANAGED:?}"

KEEPER_PERMISSIONS="secretmanager.secrets.delete,secretmanager.versions.access"
KEEPER_PERMISSIONS="$KEEPER_PERMISSIONS,secretmanager.versions.add,secretmanager.versions.destroy"
KEEPER_PERMISSIONS="$KEEPER_PERMISSIONS,secretmanager.versions.get"

account() { echo "counterfoil-$1@${PROJECT_ID}.iam.gserviceaccount.com"; }

ensure_account() { # name, what it is
  gcloud iam service-accounts describe "$(account "$1")" --project="$PROJECT_ID" >/dev/null 2>&1 ||
    gcloud iam service-accounts create "counterfoil-$1" --project="$PROJECT_ID" \
      --display-name="Counterfoil: $2"
}

allow() { # account, role, condition
  gcloud projects add-iam-policy-binding "$PROJECT_ID" --member="serviceAccount:$(account "$1")" \
    --role="$2" --condition="$3" --quiet >/dev/null
}

ensure_role() { # id, permissions
  if gcloud iam roles describe "$1" --project="$PROJECT_ID" >/dev/null 2>&1; then
    gcloud iam roles update "$1" --project="$PROJECT_ID" --permissions="$2" --quiet >/dev/null
  else
    gcloud iam roles create "$1" --project="$PROJECT_ID" --title="Counterfoil: $1" \
      --permissions="$2" --stage=GA --quiet >/dev/null
  fi
}

ensure_account web "functions that read no refresh token"
ensure_account tokens "functions that keep refresh tokens"
ensure_account managed "managed refresh"
ensure_account scheduler "calls token_refresh and managed_refresh"
ensure_account build "builds the functions"

allow web roles/datastore.user None
allow tokens roles/datastore.user None
allow managed roles/datastore.user None
for role in roles/logging.logWriter roles/artifactregistry.writer roles/storage.objectAdmin; do
  allow build "$role" None
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

for name in web tokens managed; do
  for secret in counterfoil-key counterfoil-intuit-secret; do
    gcloud secrets add-iam-policy-binding "$secret" --project="$PROJECT_ID" \
      --member="serviceAccount:$(account "$name")" --role=roles/secretmanager.secretAccessor \
      --quiet >/dev/null
  done
done

# The mail server's password, where there is one: only "tokens" reads it, in the hourly tick.
if [ -n "${SMTP_PASSWORD_VERSION:-}" ]; then
  gcloud secrets add-iam-policy-binding counterfoil-smtp-password --project="$PROJECT_ID" \
    --member="serviceAccount:$(account tokens)" --role=roles/secretmanager.secretAccessor \
    --quiet >/dev/null
fi

# A secret for each grant: only "tokens" makes, reads and destroys them, and no other secret.
if [ "$COUNTERFOIL_SECRETS" = secret-manager ]; then
  number="$(gcloud projects describe "$PROJECT_ID" --format='value(projectNumber)')"
  theirs="resource.name.startsWith(\"projects/$number/secrets/counterfoil-refresh-\")"
  ensure_role counterfoilSecretMaker secretmanager.secrets.create
  ensure_role counterfoilSecretKeeper "$KEEPER_PERMISSIONS"
  allow tokens "projects/$PROJECT_ID/roles/counterfoilSecretMaker" None
  allow tokens "projects/$PROJECT_ID/roles/counterfoilSecretKeeper" \
    "title=refresh tokens only,expression=$theirs"
fi

# Accounts with which people share spreadsheets. They have no role in the project; "managed" borrows
# their access to spreadsheets, an hour at a time, and no key of theirs exists.
for ((n = 1; n <= MANAGED; n++)); do
  ensure_account "sheets-$n" "writes into spreadsheets that are shared with it"
  gcloud iam service-accounts add-iam-policy-binding "$(account "sheets-$n")" \
    --project="$PROJECT_ID" --member="serviceAccount:$(account managed)" \
    --role=roles/iam.serviceAccountTokenCreator --quiet >/dev/null
done
