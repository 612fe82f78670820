/** @fileoverview Connecting, and help with it. */

const WORDS_CONNECT = {
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
      gone: {
        title: 'The company was deleted here',
        list: [
          'While you were at QuickBooks, an owner deleted the company in Counterfoil, with its exports. ' +
            'Nothing at QuickBooks was touched, and the tables in your sheets stay.',
          'Press Connect to bring it back as a new company here; its exports have to be made again.',
        ],
      },
      plan: {
        title: 'The plan lacks something, or has ended',
        list: [
          'Classes, locations, budgets and stock are parts of the larger plans of QuickBooks. What ' +
            'the plan of a company lacks, QuickBooks leaves empty or refuses, and the run says so.',
          'Its other exports are not affected. Choose other columns or another report, or ask the ' +
            'admin about the plan.',
          'Where the subscription has ended QuickBooks gives nothing until somebody renews it there. The ' +
            'connection, the exports and your tables stay.',
        ],
      },
    },
  },
};
