/** @fileoverview What went wrong, and what to do about it. */

const WORDS_TROUBLE = {
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
      'There is no such value in that table. A value is found in a report with one line per account, such ' +
      'as the Profit and Loss or the Balance Sheet, under a name that stands there once; run it first.',
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
    stage_differs:
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
      'Something of yours, a value or a note, stands in what would be deleted, at {cell}. ' +
      'Move it to another place, or keep these rows and columns.',
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
      formula: 'a formula',
    },
  },

  failed: {
    title: '{title} was not written',
    title_any: 'That did not work',
    title_unknown: 'Whether {title} was written is not known',
    change: 'Change export',
    copy: 'Copy details for support',
    copied: 'Copied: {details}',
    details: '{run}{code}',
    run: 'run {run}',
    show_cell: 'Show cell',
    replace: 'Replace anyway',
    replace_why:
      'If you replace it, what is there now goes to a tab of its own first, “… – replaced”, as values.',
  },

  down: {title: 'Counterfoil cannot be reached', who: 'Google did not say who you are'},
};
