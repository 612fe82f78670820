/**
 * @fileoverview Every sentence a person can read, in one place. {names} are filled in by `say_`
 * here and by `say` in the sidebar, which gets this object whole.
 */

const WORDS = {
  name: 'Counterfoil',
  menu: {
    open: 'Open Counterfoil',
    all: 'Refresh all',
    this_table: 'Refresh this table',
    here: 'New export here',
    companies: 'Companies',
    help: 'Help',
    runs: 'What is running here',
    nothing: 'There is no export here that you could run. Open Counterfoil to make one.',
    running: 'Refreshing {i} of {n}: {title}…',
    running_one: 'Refreshing {title}…',
    no_time: '{title} was not refreshed: Google’s time for one click was over. Press it again.',
    goes_on: '{title} is large: it goes on by itself within the hour.',
    no_table: 'The selected cell is in no table of Counterfoil. Select one in a table first.',
    not_yours: 'This table reads a company of which you are no member. Ask whoever made it to invite you.',
    rests: '{title} cannot run just now. Open Counterfoil to see why.',
    form: 'Choose what is to come in the sidebar.',
    form_here: 'Choose what is to come in the sidebar. The table will begin in {cell}.',
    in_sidebar: 'It is in the sidebar.',
  },

  log: {
    titles: ['When', 'Export', 'What came of it', 'Run'],
    run: 'run {run}',
    failed: '{title} was not refreshed. {why}',
  },

  /** What can go wrong before, around and behind the backend, by code. */
  trouble: {
    backend_unreachable:
      'Counterfoil’s server does not answer. Your tables are as they were. ' +
      'Try again in a minute.',
    not_configured:
      'This copy of Counterfoil has no server yet. Whoever installed it sets the script property ' +
      'BACKEND_URL to the server’s address.',
    no_identity:
      'Google did not tell Counterfoil who you are. If several Google accounts are signed in ' +
      'here, open this sheet in a browser profile or private window with only the one you need, ' +
      'then open Counterfoil again.',
    not_allowed:
      'Google did not let the sidebar run. This happens when several Google accounts are signed ' +
      'in: open this sheet in a browser profile or private window with only the one you need.',
    no_answer: 'Google Sheets did not answer. Check your connection, then try again.',
    bad_request: 'Counterfoil did not understand that. Close the sidebar and open it again.',
    sheet_busy: 'Someone else’s export is being written into this sheet. Try again in a minute.',
    nothing_kept: 'That run is over, or goes on elsewhere. Look at the list again.',
    no_spreadsheet:
      'Google called Counterfoil in the background without saying in which spreadsheet, so nothing ' +
      'that waits or is due here was run. Run it yourself, and tell whoever installed Counterfoil if ' +
      'that happens again.',
    too_many_triggers:
      'You have schedules in 20 spreadsheets, as many as Google allows one person. End those of ' +
      'another spreadsheet, or let a colleague schedule this one.',
    no_trigger: 'Google does not let Counterfoil work in the background here. Try again later.',
    no_tidy:
      'That table is no report laid out “As a table”. Make one of the Profit and Loss or the Balance ' +
      'Sheet, then insert values from it.',
    no_document: 'That is not an export of Counterfoil. Copy all of it, from { to }.',
    no_cell: 'Select a cell in the sheet first.',
    cell_taken: 'There is something in that cell, or in a table of Counterfoil. Choose an empty one.',
    cell_missing: 'There is no such cell in this spreadsheet. Choose another.',
    block_missing: 'That table is no longer in this sheet. Its next run makes it again.',
  },

  /** Why the writer stopped. */
  writer: {
    refused:
      'Google Sheets did not accept the change. If cells there are protected, ask whoever ' +
      'protected them; then run it again.',
    full:
      'This spreadsheet is full: Google allows 10 million cells in all tabs together. Delete ' +
      'rows, columns or tabs that nobody needs, or use a new spreadsheet.',
    unknown: 'This sidebar is older than its server. Close it and open it again.',
    no_stage: 'The hidden tab with what had arrived is gone. Nothing was changed. Run it again.',
    superseded:
      'Another run of this export began later and writes the table now. This one has stopped.',
    receipt_full:
      'Google keeps 30,000 characters of notes for programs on a tab, and what Counterfoil must ' +
      'remember of this table does not fit beside the others. Move the table to a tab of its own, ' +
      'or choose fewer columns.',
    block_gone: 'The table was deleted during the run. Run it again.',
    incomplete: 'A run that broke off left the table incomplete. Run it again, and copy it then.',
    differs_stage:
      'What arrived in the sheet differs from what QuickBooks sent ({what}). Your table was not ' +
      'changed. Run it again.',
    differs_block: 'What is in the table differs from what Counterfoil wrote ({what}).',
    formula: 'There is a formula where only data should be.',
    written_before:
      'The table had been written, complete, before the connection broke. QuickBooks or the table has ' +
      'changed since: run it again for what is new.',
    old: {
      no_receipt:
        'Counterfoil’s notes about the table in {cell} are gone, so nobody can tell what was ' +
        'changed there. Replace what is there, or delete the table; then run it again.',
      differs_formula:
        'There is a formula in the table, in {cell}. Take it out, or replace what is there.',
      differs_cell: 'Somebody changed {cell} after the last run. Undo that, or replace what is there.',
      differs_size:
        'Rows were put into the table or taken out of it, at {cell}. Undo that, or replace what ' +
        'is there.',
      differs_columns:
        'Counterfoil no longer knows which columns of {cell} are its own. Put back the one that ' +
        'was taken out, or replace what is there.',
    },
    other_run:
      'Another run wrote into the table meanwhile. Nothing was changed. Run it again.',
    no_key:
      'The table at {cell} lacks the column that tells its rows apart. Replace what is there.',
    not_distinct:
      'Two rows of the table stand for the same record, and {cell} is one of them. Replace what ' +
      'is there.',
    rows_shared:
      'Another table of Counterfoil stands in the same rows, at {cell}. Rows could not come and ' +
      'go without tearing it. Move one of them to another tab.',
    beside:
      'Something stands beside what would be deleted, at {cell}. Move it to another place, or ' +
      'keep these rows and columns.',
    merged_sort: 'Cells are merged in rows that are to be sorted: {cell}. Unmerge them first.',
    formula_differs:
      'The formula for {cell} comes to another amount than QuickBooks says. Choose totals as ' +
      'values, and run it again.',
    blocks_overlap:
      'Another table of Counterfoil lies over this one, at {cell}. Move one of them.',
    merged:
      'Cells of the table are merged: {cell}. What belongs into them would be lost. Unmerge them, ' +
      'then run it again.',
    protected:
      'Cells of the table, or beside it, are protected: {cell}. Ask whoever protected them, ' +
      'then run it again.',
    no_room_right: 'The table needs more columns, and {cell} is taken. Move what is there.',
    no_room_below:
      'The table needs more rows, and what is below it, at {cell}, cannot be moved down without ' +
      'being torn from what is beside it. Make room below the table.',
    what: {
      size: '{rows} by {columns} cells instead of {expected_rows} by {expected_columns}',
      distinct: '{count} different ids instead of {expected}',
      sum: 'the total of column {column}',
      digest: 'some cells',
    },
  },

  /** What goes on without the sidebar, once an hour. */
  hourly: {
    too_many:
      'Counterfoil works in the background in 20 of your spreadsheets already, as many as Google ' +
      'allows: keep this sidebar open until this run is done.',
    refused: 'Google does not let it go on in the background: keep this sidebar open.',
    stuck: '{title} did not go on by itself. {why}',
    line_kept: '{title}: your run is half-way. It goes on by itself at about {at}.',
    line_parked: '{title}: {who}’s run is parked and goes on at {at}. In the sidebar you can take it over.',
    line_running: '{title}: {who} has been running it since {at}.',
    none: 'No export is running in this spreadsheet.',
  },

  header: {back: 'Back'},
  tabs: {label: 'Sections', exports: 'Exports', companies: 'Companies', history: 'History'},
  loading: 'Looking up what this sheet has…',
  again: 'Try again',

  first: {
    title: 'Bring your books into this sheet',
    lead:
      'Connect a QuickBooks company and pull its lists, transactions and reports straight into ' +
      'these tabs.',
    reads: 'What Counterfoil can read',
    list: [
      {
        title: 'Accounting data: invoices, bills, payments, purchases',
        allows: 'Reads transactions and their lines, and the accounts, classes and products in them.',
        why: 'they are the rows of your tables.',
      },
      {
        title: 'Customers',
        allows: 'Reads customers with their names, addresses and balances.',
        why: 'tables and filters speak of customers by name.',
      },
      {
        title: 'Vendors',
        allows: 'Reads vendors with their names, addresses and balances. Their secrets only for an owner who asks.',
        why: 'tables and filters speak of vendors by name.',
      },
      {
        title: 'Reports: Profit and Loss, Balance Sheet, others',
        allows: 'Asks QuickBooks for its own reports.',
        why: 'a report here shows what QuickBooks shows, to the cent.',
      },
      {
        title: 'Company information',
        allows: 'Reads the company’s name, country, currency and fiscal year.',
        why: 'dates, amounts and titles follow the company’s own settings.',
      },
    ],
    why: 'Needed because',
    needs_title: 'What you need',
    needs: [
      'Any plan of QuickBooks Online. QuickBooks Desktop does not work.',
      'To be an admin of the QuickBooks company.',
      'A browser that lets this sheet open a new tab: QuickBooks asks you there.',
    ],
    only: 'Read-only.',
    only_why:
      'QuickBooks has no read-only permission, so its page may speak of more. Counterfoil’s code ' +
      'can only read.',
    check: 'How to check',
    connect: 'Connect to QuickBooks',
    new_tab: '(opens in a new tab)',
  },

  check: {
    title: 'How to check',
    list: [
      'The code is open. One file talks to QuickBooks, functions/counterfoil/adapters/' +
        'quickbooks_api.py: it can ask and query, and has no way to create, change or delete.',
      'A test tries to make it write, and fails the build if it ever could.',
      'In QuickBooks, the audit log (Settings, Audit log) lists every change and who made it. ' +
        'You will not find Counterfoil there.',
      'You can disconnect at any time, in QuickBooks under Apps.',
    ],
  },

  waiting: {
    title: 'Finish in the other tab',
    lead:
      'Sign in to QuickBooks there, pick the company and allow Counterfoil. This sidebar notices ' +
      'by itself.',
    state: 'Waiting for QuickBooks…',
    stopped: 'Nothing has arrived for three minutes.',
    check: 'Check again',
    still: 'Not connected yet.',
    blocked: 'No new tab?',
    blocked_why: 'Your browser may have blocked it. Open the link yourself:',
    open: 'Open the QuickBooks page',
    copy: 'Copy link',
    copied: 'Copied. Paste it into a new tab of this browser.',
    copy_by_hand: 'Press Ctrl+C (⌘C on a Mac) to copy the marked link.',
    only_you: 'The link works once, for ten minutes, and only for you.',
    expired: 'The link has expired. Go back and connect again.',
  },
  connected: '{name} is connected',
  connected_next: 'Its lists, transactions and reports can come into this sheet now.',
  not_connected: 'Not connected',
  not_connected_why: 'QuickBooks did not finish connecting. Nothing was stored. Try again.',
  reconnect: 'Reconnect',

  exports: {
    title: 'Exports of this sheet',
    none: 'Nothing here yet',
    none_why:
      'Pick a list, transactions or a report, and Counterfoil puts it into a new tab of this sheet.',
    none_refresher:
      'An editor of the company makes exports. What they make here, you can run.',
    new: 'New export',
    run: 'Run {title} again',
    go: 'Show {title} in the sheet',
    into: '{company} → {tab}',
    gone: 'no table here now, the next run makes one',
    never: 'Not run yet',
    ok: '{n} rows',
    ok_one: '1 row',
    unchecked: '{n} rows, not checked',
    bad: 'Not complete',
    failed: 'Not written',
    running: 'Running',
    running_by: '{who}, since {at}.',
    parked: 'Parked',
    parked_by: '{who}’s run goes on at {at}.',
    take_over: 'Take it over',
    half: 'Half-way',
    half_why: 'Goes on by itself at about {at}.',
    half_anew: 'Begins anew by itself at about {at}.',
    go_on: 'Go on now',
    sent: 'Not confirmed',
    rests: 'Resting',
    frozen: 'Frozen',
    company_paused: 'Company paused',
    reconnect: 'Needs reconnection',
  },

  companies: {
    title: 'Companies',
    fiscal: '{currency} · fiscal year from {month}',
    fiscal_alone: 'Fiscal year from {month}',
    connection: 'Connection',
    by: 'Connected by',
    role: 'You are',
    roles: {owner: 'owner', editor: 'editor', refresher: 'refresher'},
    calls: 'Calls this month',
    all_calls: 'All companies',
    of: '{n} of {of}',
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
      'editor adopts them.',
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

  naming: {
    company: 'Rename {name}',
    label: 'Name',
    company_hint: 'For all members here. QuickBooks keeps its own.',
    exporter_hint: 'Its tab and its table keep their names.',
    save: 'Save',
    missing: 'Type a name.',
    renamed: 'It is called {name} now.',
    original: 'As in QuickBooks',
    original_done: 'It is called as in QuickBooks again.',
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
      'adopts them. The last member of a company takes it along.',
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

  help: {
    title: 'Help with connecting',
    more: 'What to do about it',
    causes: {
      refused: {
        title: 'QuickBooks was told not to share',
        list: [
          'Someone refused or closed QuickBooks’ page. Nothing was connected, nothing was stored.',
          'Press Connect again, pick the company and allow Counterfoil there.',
        ],
      },
      not_admin: {
        title: 'You are not an admin of the company',
        list: [
          'QuickBooks lets only an admin of the company connect an app.',
          'Ask an admin to open this sheet and connect it. They can then invite you under ' +
            'Companies, People: for that you need no access to QuickBooks.',
        ],
      },
      missing: {
        title: 'A company is missing',
        list: [
          'Here you see the companies that you connected or were invited to. If a colleague ' +
            'connected it, ask them to invite you.',
          'QuickBooks lists the companies of the Intuit account that is signed in, and only where ' +
            'it is an admin. Sign out at QuickBooks, sign in with the account of the missing ' +
            'company, and connect again.',
          'Counterfoil reads QuickBooks Online, not QuickBooks Desktop.',
        ],
      },
      accounts: {
        title: 'Several Google accounts in one browser',
        list: [
          'Google may then open the sidebar for another account than the sheet. Look at the ' +
            'address in the page that asks you to continue: it must be yours.',
          'Open this sheet in a browser profile or a private window with only the one account ' +
            'that you need, and stay in that browser until QuickBooks is done.',
        ],
      },
      expired: {
        title: 'A link or a connection has expired',
        list: [
          'A connect link works once, for ten minutes. Press Connect for a new one.',
          'A connection ends when it has not been used for 100 days, and after five years. ' +
            'Counterfoil keeps it alive by itself and says so before it ends. Press Reconnect: all ' +
            'exports stay.',
        ],
      },
      plan: {
        title: 'The plan lacks something',
        list: [
          'Classes, locations, budgets and stock are parts of the larger plans of QuickBooks. What ' +
            'the plan of a company lacks, QuickBooks leaves empty or refuses, and the run says so.',
          'Its other exports are not affected. Choose other columns or another report, or ask the ' +
            'admin about the plan.',
        ],
      },
    },
  },

  /** What can be done with a saved export. */
  saved: {
    menu: 'More for {title}',
    edit: 'Edit…',
    saved: '{title} is saved. Its first run makes its table.',
    changed: '{title} is saved. The next run follows it.',
    rename: 'Rename…',
    duplicate: 'Duplicate',
    copy: '{title} (copy)',
    copied: '{name} is there. Its first run makes its table.',
    document: 'Take to another sheet…',
    adopt: 'Adopt',
    adopt_more: 'Adopt…',
    adopt_ask: 'Adopt {title}?',
    adopt_why:
      'It is yours then: it reads with your rights, and runs again for all who may run it. Its ' +
      'choices and its table stay as they are.',
    adopted: '{title} is yours now.',
    rests: {
      author_gone: 'Whoever saved it has left, or may no longer edit. It rests until an editor adopts it.',
      company_gone: 'One of its companies was deleted. It rests until an editor adopts it without that one.',
    },
    delete: 'Delete export',
    delete_more: 'Delete…',
    delete_ask: 'Delete {title}?',
    delete_why: 'Nobody can run it any more, and its schedule ends. This can’t be undone.',
    table_stays: 'The table in the tab {tab} stays as it is.',
    no_table: 'There is no table of it in this sheet.',
    deleted: '{title} is deleted.',
  },

  /** What becomes of a table. */
  table: {
    tidy_more: 'Tidy up…',
    tidy_ask: 'Take out what is gone?',
    tidy_why:
      'Lines and columns that QuickBooks no longer sends stand at 0, so that formulas keep to theirs. ' +
      'Tidying up deletes them, as whole rows and columns, and refreshes the rest.',
    tidy_formulas: 'A formula that names one of them shows #REF! then. It stops where somebody has typed beside one.',
    tidy: 'Tidy up',
    snapshot: 'Copy to a new tab',
    copied: 'The values of {title} are in a new tab.',
    freeze_more: 'Freeze…',
    freeze_ask: 'Freeze {title}?',
    freeze_why:
      'Nothing writes the table then: no run, no schedule, no colleague, until an editor unfreezes it. ' +
      'Its tab gets a padlock.',
    freeze: 'Freeze',
    frozen: '{title} is frozen.',
    frozen_by: 'Frozen by {who}, {at}.',
    frozen_by_nobody: 'Frozen, {at}.',
    unfreeze: 'Unfreeze',
    unfrozen: '{title} can be written again.',
  },

  /** An export as text. */
  document: {
    heading: 'Take it to another sheet',
    what: 'Copy this text. In the other spreadsheet, open Counterfoil and press “Add a copied export…”.',
    nothing: 'It says what the export is made of: no data, no company and no key.',
    text: 'The export as text',
    copy: 'Copy',
    copied: 'Copied.',
    open: 'Add a copied export…',
    add_title: 'Add a copied export',
    where: 'From another spreadsheet: the menu of an export, “Take to another sheet…”.',
    missing: 'Paste the text of an export.',
    add: 'Add',
    added: '{title} is added. Its first run makes its table.',
  },

  history: {
    title: 'History',
    last: 'Last run of each export',
    none: 'Nothing has run here yet.',
    background: 'While nobody looked',
    quiet: 'Nothing has run in the background here.',
    more: 'The tab “Counterfoil log” has them, too.',
    bundle: 'Copy a support bundle',
    bundle_what: '(codes, counts and times: no names, no addresses, nothing from your books).',
    bundle_text: 'The support bundle',
    bundle_copied: 'Copied. Read it before you send it.',
  },

  next: {
    title: 'Next',
    pack: 'Take a starter pack',
    pack_why: 'Month-end, Sales or Spending: tabs and a dashboard in a minute.',
    first: 'Or make a first export of your own, below.',
    schedule: 'Then let it refresh by itself: “Schedule…” in its menu.',
    another: 'Connect another company',
  },

  packs: {
    open: 'Starter packs',
    title: 'Starter packs',
    heading: 'Several tables at once',
    lead: 'Each pack makes these tabs and a dashboard with charts. Every table is an export that you can change later.',
    make: 'Make {title}',
    making: '{title} of {company}',
    dashboard: 'Drawing the dashboard…',
    done: '{n} tables are there',
  },

  dashboard: {
    tab: 'Dashboard',
    titles: {
      profit: 'Income and profit by month', receivables: 'Owed to us, by age in days', payables: 'Owed by us, by age in days',
      customers: 'Sales by customer', vendors: 'Spending by vendor',
    },
    income: 'Income',
    net: 'Net income',
    open: 'Open',
  },

  value: {
    open: 'Insert a value…',
    title: 'Insert a value',
    heading: 'Insert a value into the selected cell',
    lead: 'A formula over this table: it follows each refresh, and stays without Counterfoil.',
    account: 'Account',
    account_hint: 'Its full name, its number or its id.',
    company: 'Company',
    basis: 'Basis',
    at: 'Balance on',
    balance_hint: 'A day that the table is of, or a cell: \'Set up\'!B1. Signed as printed.',
    movement_hint: 'Days, or cells: \'Set up\'!B1. Whole columns of the table count: by month, whole months. Signed as printed.',
    act: 'Insert',
    which: 'Choose an account of this table.',
    days: 'Write a day as 2026-01-31, or name a cell, such as \'Set up\'!B1.',
    inserted: '{cell} shows {shows}. Select another cell for the next one.',
  },

  /** When an export runs by itself. */
  schedule: {
    open: 'Schedule…',
    heading: 'When is {title} to be refreshed?',
    often: 'How often',
    choices: {
      none: 'Only when somebody runs it', hourly: 'Every hour', hours: 'Every few hours', daily: 'Every day',
      weekdays: 'Monday to Friday', weekly: 'Every week', monthly: 'Every month',
    },
    every: 'Every',
    hours: '{n} hours',
    weekday: 'On',
    weekdays: ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'],
    day: 'On day',
    last_day: '{n} (or the month’s last)',
    hour: 'Time',
    first_hour: 'First time of the day',
    between: 'between {from} and {to}',
    zone: 'By the clock of this spreadsheet: {zone}.',
    as_you: 'It runs as you, also while this sheet is closed. Google picks the minute.',
    forecast: 'About {calls} calls of QuickBooks a run; up to {times} runs, {month} calls a month.',
    forecast_one: 'About 1 call of QuickBooks a run; up to {times} runs, {month} calls a month.',
    used: 'Used this month, by everybody: {n} of {of}.',
    ask_forecast: 'How many calls?',
    save: 'Save schedule',
    saved: '{title}: {words}.',
    ended: '{title} has no schedule now.',
    line: '{words} · next {at}',
    line_of: '{words} · as {who}',
    late: 'Not refreshed since {at}',
    late_never: 'Not refreshed yet',
    stopped: {
      errors: 'Its schedule has paused: three runs in a row ended with something that a person must see to.',
      too_long: 'Its schedule has paused: it does not end in three hours of work in the background. Run it here, narrow it, or ask for managed refresh.',
      left: 'Its schedule has paused: whoever it ran as is no member any more.',
    },
    nobody: 'Whoever it ran as is gone.',
    take: 'Run it as me',
    go_on: 'Resume',
    taken: '{title} runs as you now: {words}.',
  },

  looking: 'One moment…',
  keep: 'Keep it',
  not_now: 'Not now',

  form: {
    title: 'New export',
    what: 'What',
    entities: 'Lists and transactions',
    reports: 'Reports',
    from: 'From',
    needs: '{name} (needs reconnection)',
    paused: '{name} (paused)',
    dates: 'Dates',
    as_of: 'As of',
    first_day: 'First day',
    last_day: 'Last day',
    presets: {all: 'All dates', custom: 'Choose dates…', cells: 'From cells…'},
    as_of_presets: {
      today: 'Today',
      last_month: 'End of last month',
      last_fiscal_quarter: 'End of last quarter',
      last_fiscal_year: 'End of last fiscal year',
    },
    filter_cell: 'A cell may stand for a value: \'Set up\'!B1',
    cell_ends: {from: 'First day in cell', to: 'Last day in cell'},
    selected: 'Use the selected cell',
    others: 'From other companies too',
    pick: 'Read',
    picks: {all: 'all of them, in one table', cell: 'the one that a cell names'},
    company_cell: 'Company in cell',
    from_cell: 'as a cell says…',
    in_cell: 'In cell',
    cell_missing: 'Name a cell, such as \'Set up\'!B1, or select one and press the button.',
    all_dates: 'Everything, whatever its date',
    fiscal: 'fiscal year from {month}',
    company_default: 'As set in QuickBooks',
    company_default_none: 'None chosen: as QuickBooks shows them.',
    more: 'More options',
    layout: 'Layout',
    layouts: {printed: 'As printed', tidy: 'As a table'},
    layout_hints: {
      printed: 'As QuickBooks prints it: title, indents, bold totals.',
      tidy: 'One value or line a row, for pivots and formulas.',
    },
    compare: 'Compare with',
    compares: {
      '': 'nothing',
      previous_period: 'the period before',
      same_period_last_year: 'the same period last year',
    },
    periods: 'How many of them',
    periods_wrong: 'Type how many periods to compare with, from 1 to {most}.',
    compare_hint: 'Each beside the other, with the change and the change in percent.',
    numbers: 'Account numbers',
    numbers_choices: {as_sent: 'as set in QuickBooks', shown: 'show them', hidden: 'leave them out'},
    live: 'Totals as live formulas',
    live_hint: 'They come to the same as QuickBooks says, or stay values.',
    history: 'Keep a copy of each run',
    history_hint: 'Its values, below those of earlier runs, in a tab “– history”.',
    mode: 'When it is refreshed',
    modes: {replace: 'replace all rows', update: 'update what changed', add: 'add new rows only'},
    mode_hints: {
      replace: 'The table is written anew, in the order of QuickBooks.',
      update: 'Rows stay where they are, and what you type beside a row stays with it. What QuickBooks has not changed costs no second call.',
      add: 'Rows that are there stay as they are; new ones come last.',
    },
    departed: 'Rows that are no more',
    departed_ways: {
      move: 'go; with something beside them, to a tab “– gone”',
      keep: 'go; with something beside them, stay and are marked',
      mark: 'stay and are marked, if deleted in QuickBooks',
    },
    rows_label: 'One row for each',
    rows_choices: {transaction: 'transaction', line: 'line of a transaction'},
    headers_label: 'What a transaction has once',
    headers_choices: {repeat: 'beside each line', once: 'beside its first line'},
    bundles_label: 'Bundles',
    bundles_choices: {children: 'what is in them', group: 'as one row'},
    row_id: 'Row Id',
    columns: 'Columns',
    columns_of: '{n} of {of}',
    choose: 'choose',
    inactive: 'Include inactive ones',
    only_where: 'Only where',
    add_filter: 'Add a filter',
    remove_filter: 'Take the filter away: {title}',
    filter_empty: 'Fill in the filter, or take it away.',
    names_hint: 'Amy; Bob Ltd',
    is: 'is',
    contains: 'contains',
    at_least: 'At least',
    at_most: 'At most',
    sort: 'Sort by',
    as_sent: 'as QuickBooks sends them',
    sort_way: 'Which way round',
    sort_ways: {
      numbers: {up: 'smallest first', down: 'largest first'},
      days: {up: 'oldest first', down: 'newest first'},
      flags: {up: 'no first', down: 'yes first'},
      texts: {up: 'A to Z', down: 'Z to A'},
    },
    first: 'Only the first rows, so many',
    first_all: 'all',
    first_wrong: 'Type how many rows, from 1 to {most}, or leave it empty for all.',
    preview: 'Preview',
    preview_title: '{title}: first rows',
    preview_more: 'These are the first {n}. Nothing was written.',
    preview_all: 'That is all. Nothing was written.',
    preview_none: 'Nothing matches.',
    tab: 'Put it in',
    new_tab: 'A new tab',
    this_cell: 'A cell that I choose…',
    cell: 'First cell',
    cell_hint: 'An empty one. What is below moves down as the table grows.',
    tab_name: 'Name of the tab',
    name: 'Name',
    name_hint: 'With a name it is kept as yours, to be scheduled and run again.',
    name_hint_saved: 'Its tab and its table keep their names.',
    save: 'Save',
    save_run: 'Save and run',
    not_offered: 'This version of Counterfoil no longer offers what this export is of. It can be deleted.',
    tab_hint: 'A new tab, numbered if the name is taken.',
    ask_estimate: 'How many rows?',
    estimate_costs: '(asks QuickBooks once)',
    counting: 'Counting…',
    about_call: 'about 1 call',
    about_calls: 'about {n} calls',
    export: 'Export',
    no_company: 'Connect a company first.',
    date_order: 'The first day is after the last day.',
    date_missing: 'Fill in both dates.',
    date_missing_one: 'Fill in the date.',
    tab_missing: 'Give the tab a name.',
    tab_long: 'A tab’s name has at most 100 characters.',
  },

  columns: {
    title: 'Columns',
    search: 'Find a column',
    all: 'All',
    defaults: 'Defaults',
    none: 'No column is called that.',
    always: 'always there',
    secret: 'secret',
    secrets_seen:
      'Let me choose secrets of people. Whoever can open this spreadsheet will see them.',
    secrets_owner: 'Secrets of people can be chosen by an owner of the company only.',
    done: 'Done',
    chosen: '{n} of {of} chosen',
  },

  /** All exports of a sheet at once. */
  all: {
    open: 'Refresh all',
    title: 'Refreshing all',
    waiting: 'waiting',
    running: 'running',
    slow: 'waiting {n} s',
    cancelled: 'not run',
    now: '{i} of {n}: {title}',
    done: '{n} exports are refreshed',
    some: '{n} of {of} exports are refreshed',
    some_why: 'The others are as they were. Each says why.',
  },

  run: {
    asking: 'Asking QuickBooks…',
    rows_of: '{n} of {of} rows',
    rows: '{n} rows so far',
    reading: 'Reading from {company}.',
    stays: 'Your table stays as it is until everything has arrived.',
    kept: 'You may close this sheet: it then goes on by itself within the hour.',
    bar: 'Rows arrived',
    elapsed: 'Elapsed',
    calls: 'QuickBooks calls',
    wait: 'QuickBooks asks us to slow down. Going on in {n} s.',
    cancel: 'Cancel',
    cancelling: 'Stopping after this step…',
    cancelled: '{title} was cancelled',
    cancelled_why: 'Nothing of it was put into your table.',
    too_late: 'It had already arrived when you pressed Cancel.',
    seconds: '{n} s',
    minutes: '{m} min {s} s',
  },

  done: {
    rows: '{n} rows',
    row: '1 row',
    complete: 'complete',
    first_of: 'first {n} of {of}',
    unchecked: 'not checked',
    failed: 'not complete',
    sent: 'Sent by QuickBooks',
    counted: 'QuickBooks counts',
    read_back: 'In the sheet, read back',
    sent_of: 'Sent of {name}',
    sent_total: '{title} sent, {currency}',
    sheet_total: '{title} in the sheet',
    equal: 'equal',
    same: '(the same)',
    differs: '(differs)',
    table: 'Proof of this run',
    footer: 'Run {run} · {calls} · {time}',
    calls: '{n} calls',
    call: '1 call',
    go: 'Go to table',
    back: 'All exports',
    announced: '{title}: {n} rows, {verdict}.',
    changes: {
      label: 'What changed',
      counts: {
        new: '{n} new', changed: '{n} changed', removed: '{n} deleted in QuickBooks', left: '{n} left the table',
        marked: '{n} kept with a mark', closed: '{n} of them dated in closed books',
      },
      none: 'Nothing changed.',
      news_kinds: {new: 'New', changed: 'Changed', removed: 'Deleted', left: 'Left', marked: 'Marked'},
      more: 'and {n} more; the first ones are in the tab “Counterfoil log”.',
    },
  },

  failed: {
    title: '{title} was not written',
    title_any: 'That did not work',
    change: 'Change export',
    copy: 'Copy details for support',
    copied: 'Copied: {details}',
    details: '{run}{code}',
    run: 'run {run}',
    show_cell: 'Show cell',
    replace: 'Replace anyway',
    replace_why:
      'If you replace it, what is there now goes to the tab “Counterfoil log” first, as values.',
  },

  down: {title: 'Counterfoil cannot be reached', who: 'Google did not say who you are'},

  when: {
    now: 'just now',
    minutes: '{n} min ago',
    today: 'today {time}',
    yesterday: 'yesterday {time}',
  },
};

/**
 * @param {string} sentence One of WORDS, with {names}.
 * @param {!Object<string, string|number>} values
 * @return {string}
 */
function say_(sentence, values) {
  const filled = (/** @type {string} */ whole, /** @type {string} */ name) =>
    name in values ? String(values[name]) : whole;
  return sentence.replace(/\{(\w+)\}/g, filled);
}

/** @return {string} WORDS as a JavaScript literal that is safe inside a script element. */
function wordsJson_() {
  return JSON.stringify(WORDS).replace(/</g, '\\u003c');
}
