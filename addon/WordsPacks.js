/** @fileoverview First steps, starter packs, dashboards and single values. */

const WORDS_PACKS = {
  next: {
    title: 'Next',
    pack: 'Take a starter pack',
    pack_why: 'Month-end, Sales or Spending: tabs and a dashboard in a minute.',
    first: 'Or make a first export of your own, below.',
    schedule: 'Then let it refresh by itself: “Schedule…” in the menu (⋮) of its card.',
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
      customers: 'Sales: the ten largest customers', vendors: 'Spending: the ten largest vendors',
    },
    income: 'Income',
    net: 'Net income',
    open: 'Open',
    // Part of a formula: no straight quotes.
    no_line: '{title}: the table has no line, or several, “{line}”',
    amount: 'Amount',
    checks: 'Checks of the reports against each other, {time}',
  },

  value: {
    open: 'Insert a value…',
    title: 'Insert a value',
    heading: 'Insert a value into the selected cell',
    lead: 'A formula over this table: it follows each refresh, and stays without Counterfoil.',
    account: 'Account or total',
    account_hint: 'Begin to type its name or number, and choose.',
    by: 'Find it again by',
    ways: {id: 'Its id: this company’s, also after it is renamed', number: 'Its number', name: 'Its full name'},
    lacks: {
      id: 'That line has no id. Choose another way to find it again.',
      number: 'That line has no number of its own. Choose another way to find it again.',
      name: 'That line has no name. Choose another way to find it again.',
    },
    company: 'Company',
    basis: 'Basis',
    at: 'Balance on',
    balance_hint: 'A day, or a cell that has it. Empty: the last day of the table. Signed as printed.',
    movement_hint: 'Days, or cells that have them. Empty: as far as the table goes. Signed as printed.',
    other_days: {
      from: 'No period of this table begins on that day. Choose one of {days}.',
      to: 'No period of this table ends on that day. Choose one of {days}.',
    },
    column: 'Column',
    until: 'Up to column',
    alone: 'That column alone',
    column_order: 'That column stands before the first one. Choose them the other way round.',
    no_sum: '“{column}” is not added to others: only months, quarters, years and ages are parts of one sum.',
    in_a_cell: 'The month of a day in a cell…',
    day_cell: 'Cell with the day',
    column_hint: 'From one period up to another all are added up. Signed as printed.',
    signed: 'Signed as printed.',
    act: 'Insert',
    which: 'Choose a line of this table.',
    days: 'Write a day as 2026-01-31, or name a cell, such as \'Set up\'!B1.',
    inserted: '{cell} shows {shows}. Select another cell for the next one.',
    nothing: '{cell} shows {shows}: the table has no such line, or not (yet) each of these days.',
  },
};
