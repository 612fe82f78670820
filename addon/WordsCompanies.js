/** @fileoverview Companies, their people, and their end. */

const WORDS_COMPANIES = {
  companies: {
    title: 'Companies',
    fiscal: '{currency} · fiscal year from {month}',
    fiscal_alone: 'Fiscal year from {month}',
    connection: 'Connection',
    by: 'Connected by',
    role: 'You are',
    roles: {owner: 'owner', editor: 'editor', refresher: 'refresher'},
    calls: 'Calls this month',
    all_calls: 'All companies together: {n} of {of} calls of QuickBooks this month.',
    soon: 'expires soon',
    states: {
      connected: '',
      suspect: 'being checked',
      needs_reconnection: 'reconnect',
      paused: 'paused',
    },
    state_why: {
      needs_reconnection:
        'QuickBooks no longer accepts our key. Someone disconnected Counterfoil there, or an ' +
        'admin lost their rights. Your exports and tables are untouched.',
    },
    waiting: '{n} exports here are waiting. Their tables are untouched.',
    waiting_one: '1 export here is waiting. Its table is untouched.',
    another: 'Connect another',
    missing: 'A company is missing?',
    missing_why: 'Why that happens',
    none: 'No company is connected for you.',
  },

  /** What can be done with a company. */
  manage: {
    menu: 'More for {name}',
    reconnect: 'Reconnect…',
    people: 'People…',
    rename: 'Rename…',
    leave: 'Leave…',
    end: 'Pause or delete…',
    remove: 'Delete for good…',
  },

  invited: {
    title: 'Invitation',
    to: 'You are invited to {name}',
    by: 'By {who}. {what}',
    accept: 'Accept',
    decline: 'Decline',
    accepted: 'You belong to {name} now, as {role}.',
    declined: 'You declined the invitation to {name}.',
  },

  people: {
    title: 'People of {name}',
    you: '{role} · you',
    since: '{role} · since {day}',
    menu: 'More for {who}',
    make: {owner: 'Make owner', editor: 'Make editor', refresher: 'Make refresher…'},
    changed: '{who} is {role} now.',
    lower: 'Let {who} only refresh?',
    lower_why:
      'They can run the exports that are there, and no longer make or change any. Exports that ' +
      'they saved rest until an editor adopts them.',
    lower_act: 'Make refresher',
    remove: 'Remove…',
    remove_ask: 'Remove {who} from {name}?',
    remove_why:
      'They no longer see this company or its exports. Exports that they saved rest until an ' +
      'editor adopts them. Schedules that run as them stop until an editor takes them over.',
    remove_act: 'Remove',
    removed: '{who} is removed.',
    tables_stay: 'The tables in your sheets stay as they are.',
    invited: 'Invited',
    until: '{role} · until {day}',
    withdraw: 'Withdraw',
    withdraw_of: 'Withdraw the invitation of {who}',
    withdrawn: 'The invitation of {who} is withdrawn.',
    invite_title: 'Invite a colleague',
    email: 'E-mail of their Google account',
    role: 'As',
    choices: {editor: 'Editor', refresher: 'Refresher', owner: 'Owner'},
    may: {
      owner: 'Owners make exports, invite others, pause and delete the company.',
      editor: 'Editors make and change exports, and run them.',
      refresher: 'Refreshers run the exports that are there.',
    },
    invite: 'Invite',
    no_address: 'Type an e-mail address.',
    was_invited: '{who} is invited.',
    how:
      'Nothing is mailed. They find the invitation when they open Counterfoil with that account, ' +
      'within 7 days.',
    owners_only: 'Owners invite, remove and change roles.',
  },

  reconnecting: {
    heading: 'Reconnect {name}',
    how: 'Sign in to QuickBooks as an admin of {name}, and pick the same company there.',
    stays: 'Exports, schedules and members stay as they are. Another company is refused.',
    owner: 'QuickBooks lets only an admin do this, so whoever does becomes an owner here.',
  },

  end: {
    title: 'Disconnect {name}',
    heading: 'Pause, or delete for good?',
    pause: 'Pause',
    paused: '{name} is paused.',
    delete: 'Delete for good',
    delete_more: 'Delete for good…',
    delete_ask: 'Delete {name} for good?',
    deleted: '{name} is deleted. The tables in your sheets stay as they are.',
    exports: 'These exports are deleted for everyone: {titles}.',
    export: 'This export is deleted for everyone: {titles}.',
    more: ' and {n} more',
    no_undo: 'This can’t be undone.',
    other: '1 other member uses this company: {who}. They will see it when they next open Counterfoil.',
    others: '{n} other members use this company: {who}. They will see it when they next open Counterfoil.',
    changed: 'Something changed since you read this. Please read it again.',
  },

  leave: {
    heading: 'Leave {name}?',
    what:
      'You no longer see this company or its exports. Exports that you saved rest until an editor ' +
      'adopts them. Schedules that run as you stop until an editor takes them over.',
    alone: 'You are its only member: the company is deleted here, with all exports and schedules, and our access at QuickBooks ends.',
    consent:
      'If you connected it, your consent at QuickBooks goes on serving the others. A pause or ' +
      '“Delete everything about me” ends it.',
    act: 'Leave',
    done: 'You have left {name}.',
  },

  erase: {
    open: 'Delete everything about me…',
    title: 'Your data',
    heading: 'Delete everything about you?',
    act: 'Delete everything',
    done: 'Everything about you is deleted',
    kinds: {
      companies: 'Companies', consents: 'Consents', memberships: 'Memberships', runs: 'Runs',
      attempts: 'Attempts to connect', invitations: 'Invitations',
    },
    left: 'Left of you, searched again',
    after: 'The tables in your sheets stay. You can remove the add-on under Extensions, Add-ons.',
    again: 'Begin anew',
  },
};
