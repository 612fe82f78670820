#!/usr/bin/env bash
# Once, by an owner of the project (Cloud Shell will do): every account and every role in the project,
# so that what cloudbuild.yaml runs as can hand out none. May be repeated; has to be, with the same
# variables, when MANAGED or COUNTERFOIL_SECRETS become others.
#   PROJECT_ID=my-project bash deploy/bootstrap.sh
set -euo pipefail
: "${PROJECT_ID:?set PROJECT_ID to the id of the Google Cloud project}"
: "${MANAGED:=1}" "${COUNTERFOIL_SECRETS:=secret-manager}"  # as _MANAGED and _SECRETS of the build

KEEPER_PERMISSIONS="secretmanager.secrets.delete,secretmanager.versions.access"
KEEPER_PERMISSIONS="$KEEPER_PERMISSIONS,secretmanager.versions.add,secretmanager.versions.destroy"
KEEPER_PERMISSIONS="$KEEPER_PERMISSIONS,secretmanager.versions.get,secretmanager.versions.list"

account() { echo "counterfoil-$1@${PROJECT_ID}.iam.gserviceaccount.com"; }

ensure_account() { # name, what it is
  gcloud iam service-accounts describe "$(account "$1")" --project="$PROJECT_ID" >/dev/null 2>&1 ||
    gcloud iam service-accounts create "counterfoil-$1" --project="$PROJECT_ID" \
      --display-name="Counterfoil: $2"
}

# Google does not know an account everywhere in the moment in which it was made, so a binding is asked
# for again, for a minute (https://cloud.google.com/iam/docs/retry-strategy).
bind() {
  local pause
  for pause in ${IAM_PAUSES:-2 4 8 16 32}; do
    gcloud "$@" --quiet >/dev/null 2>&1 && return
    echo "IAM refused a binding of an account, which may be too new: again in $pause s" >&2
    sleep "$pause"
  done
  gcloud "$@" --quiet >/dev/null
}

allow() { # account, role, condition
  bind projects add-iam-policy-binding "$PROJECT_ID" \
    --member="serviceAccount:$(account "$1")" --role="$2" --condition="$3"
}

allow_on() { # account, role, the account that it is about
  bind iam service-accounts add-iam-policy-binding "$(account "$3")" --project="$PROJECT_ID" \
    --member="serviceAccount:$(account "$1")" --role="$2"
}

ensure_role() { # id, permissions
  if gcloud iam roles describe "$1" --project="$PROJECT_ID" >/dev/null 2>&1; then
    gcloud iam roles update "$1" --project="$PROJECT_ID" --permissions="$2" --quiet >/dev/null
  else
    gcloud iam roles create "$1" --project="$PROJECT_ID" --title="Counterfoil: $1" \
      --permissions="$2" --stage=GA --quiet >/dev/null
  fi
}

gcloud services enable \
  artifactregistry.googleapis.com cloudbuild.googleapis.com cloudfunctions.googleapis.com \
  cloudresourcemanager.googleapis.com cloudscheduler.googleapis.com \
  firebaserules.googleapis.com firestore.googleapis.com iam.googleapis.com \
  iamcredentials.googleapis.com run.googleapis.com secretmanager.googleapis.com \
  sheets.googleapis.com \
  --project="$PROJECT_ID"

ensure_account deploy "builds and deploys"
ensure_account web "functions that read no refresh token"
ensure_account tokens "functions that keep refresh tokens"
ensure_account managed "managed refresh"
ensure_account scheduler "calls token_refresh and managed_refresh"
ensure_account build "builds the functions"

# Whoever can change cloudbuild.yaml can do what this account can: with the deployment and its data
# everything, and so with every other secret, database, bucket, function, service and job of the
# project, which is why it should hold nothing else. It may change no role and no account, hand out no
# role in the project, and act as these accounts alone.
for role in \
  roles/cloudbuild.builds.builder roles/cloudfunctions.developer roles/cloudscheduler.admin \
  roles/datastore.owner roles/firebaserules.admin roles/run.admin roles/secretmanager.admin
do
  allow deploy "$role" None
done
for name in web tokens managed scheduler build; do
  allow_on deploy roles/iam.serviceAccountUser "$name"
done

for name in web tokens managed; do
  allow "$name" roles/datastore.user None
done
for role in roles/logging.logWriter roles/artifactregistry.writer roles/storage.objectAdmin; do
  allow build "$role" None
done

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
# their access to spreadsheets, an hour at a time, and no key of theirs exists. "deploy" may see that
# they are there.
for ((n = 1; n <= MANAGED; n++)); do
  ensure_account "sheets-$n" "writes into spreadsheets that are shared with it"
  allow_on managed roles/iam.serviceAccountTokenCreator "sheets-$n"
  allow_on deploy roles/iam.serviceAccountViewer "sheets-$n"
done

# Cloud Run notes each request by itself, with its whole address and from where it came: of those that
# browsers open, that would be tickets, codes and companies' numbers (docs/retention.md).
browsers='"oauth-start" OR "oauth-callback" OR "pages"'
if ! gcloud logging sinks describe _Default --project="$PROJECT_ID" --format="value(exclusions.name)" |
  grep -q counterfoil-addresses; then
  gcloud logging sinks update _Default --project="$PROJECT_ID" --quiet >/dev/null \
    --add-exclusion="name=counterfoil-addresses,filter=logName:\"run.googleapis.com%2Frequests\" AND resource.labels.service_name=($browsers)"
fi

echo "Deploys as projects/$PROJECT_ID/serviceAccounts/$(account deploy)"
