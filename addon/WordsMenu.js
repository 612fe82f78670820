/** @fileoverview What is said without the sidebar: menu, toasts, the log tab, the hourly trigger. */

const WORDS_MENU = {
  menu: {
    open: 'Open Counterfoil',
    all: 'Refresh all',
    this_table: 'Refresh this table',
    here: 'New export here',
    companies: 'Companies',
    help: 'Help with connecting',
    nothing: 'There is no export here. Open Counterfoil to make one.',
    others_one: '1 table here belongs to no export that you can see. If it reads a company of which you are no member, ask whoever made it to invite you.',
    others_some: '{n} tables here belong to no export that you can see. If they read a company of which you are no member, ask whoever made them to invite you.',
    all_rest: 'No export here can run just now. Open Counterfoil to see why.',
    done: '{n} exports are refreshed.',
    some: '{n} of {of} exports are refreshed.',
    one: '1 of {of} exports is refreshed.',
    rests_too: '1 other cannot run just now. Open Counterfoil to see why.',
    rest_too: '{n} others cannot run just now. Open Counterfoil to see why.',
    running: 'Refreshing {i} of {n}: {title}…',
    running_one: 'Refreshing {title}…',
    no_time: '{title} was not refreshed: Google’s time for one click was over. Press it again.',
    goes_on: '{title} is large: it goes on by itself within the hour.',
    stands: '{title} is large, and Google does not let it go on in the background. Open Counterfoil and run it there.',
    no_table: 'The selected cell is in no table of Counterfoil. Select one in a table first.',
    not_yours: 'This table belongs to no export that you can see. If it reads a company of which you are no member, ask whoever made it to invite you.',
    lost: 'This table read {company}, which was deleted in Counterfoil, or of which you are no member any more. It stays as it is.',
    lost_one: '1 table here read {company}, which was deleted in Counterfoil, or of which you are no member any more. It stays as it is.',
    lost_some: '{n} tables here read {company}, which was deleted in Counterfoil, or of which you are no member any more. They stay as they are.',
    rests: '{title} cannot run just now. Open Counterfoil to see why.',
    form: 'Choose what is to come in the sidebar.',
    form_here: 'Choose what is to come in the sidebar. The table will begin in {cell}.',
    companies_open: 'Your companies are in the sidebar.',
    help_open: 'Help is in the sidebar.',
  },

  log: {
    titles: ['When', 'Export', 'What came of it', 'Run'],
    run: 'run {run}',
    proof: {sent: '{n} sent', counted: 'QuickBooks counts {n}', matching: '{n} match', in_sheet: '{n} in the sheet'},
    failed: '{title} was not refreshed. {why}',
    more: 'and {n} more',
  },

  /** What goes on without the sidebar, once an hour. */
  hourly: {
    too_many:
      'Counterfoil works in the background in 20 of your spreadsheets already, as many as Google ' +
      'allows: keep this sidebar open until this run is done.',
    refused: 'Google does not let it go on in the background: keep this sidebar open.',
    none_ran: 'The schedules of this spreadsheet did not run. {why}',
    stuck: '{title} did not go on by itself. {why}',
  },
};
