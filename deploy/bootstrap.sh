#!/usr/bin/env bash
# Once, by an owner of the project (Cloud Shell will do): what cloudbuild.yaml needs to run at all.
# May be repeated.   PROJECT_ID=my-project bash deploy/bootstrap.sh
set -euo pipefail
: "${PROJECT_ID:?set PROJECT_ID to the id of the Google Cloud project}"

DEPLOYER="counterfoil-deploy@${PROJECT_ID}.iam.gserviceaccount.com"

gcloud services enable \
  artifactregistry.googleapis.com cloudbuild.googleapis.com cloudfunctions.googleapis.com \
  cloudscheduler.googleapis.com firebaserules.googleapis.com firestore.googleapis.com \
  iam.googleapis.com iamcredentials.googleapis.com run.googleapis.com \
  secretmanager.googleapis.com sheets.googleapis.com \
  --project="$PROJECT_ID"

gcloud iam service-accounts describe "$DEPLOYER" --project="$PROJECT_ID" >/dev/null 2>&1 ||
  gcloud iam service-accounts create counterfoil-deploy --project="$PROJECT_ID" \
    --display-name="Counterfoil: builds and deploys"

for role in \
  roles/cloudbuild.builds.builder roles/cloudfunctions.developer roles/cloudscheduler.admin \
  roles/datastore.owner roles/firebaserules.admin roles/iam.roleAdmin \
  roles/iam.serviceAccountAdmin roles/iam.serviceAccountUser roles/run.admin \
  roles/secretmanager.admin
do
  gcloud projects add-iam-policy-binding "$PROJECT_ID" --member="serviceAccount:$DEPLOYER" \
    --role="$role" --condition=None --quiet >/dev/null
done

# It may hand out the roles that the functions need and no other, so that whoever can change
# cloudbuild.yaml does not become an owner of the project by it.
GRANTS="'roles/datastore.user', 'roles/logging.logWriter', 'roles/artifactregistry.writer'"
GRANTS="$GRANTS, 'roles/storage.objectAdmin', 'projects/${PROJECT_ID}/roles/counterfoilSecretMaker'"
GRANTS="$GRANTS, 'projects/${PROJECT_ID}/roles/counterfoilSecretKeeper'"
condition="$(mktemp)"
cat >"$condition" <<END
title: counterfoil roles only
expression: api.getAttribute('iam.googleapis.com/modifiedGrantsByRole', []).hasOnly([$GRANTS])
END
gcloud projects add-iam-policy-binding "$PROJECT_ID" --member="serviceAccount:$DEPLOYER" \
  --role=roles/resourcemanager.projectIamAdmin --condition-from-file="$condition" --quiet >/dev/null
rm -f "$condition"

echo "Deploys as projects/$PROJECT_ID/serviceAccounts/$DEPLOYER"
