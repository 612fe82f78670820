/** SpreadsheetApp.getUi(): menus, sidebar, dialogs. The page draws, the person answers.
 * https://developers.google.com/apps-script/reference/base/ui */

const Button = enumeration('Button', ['CLOSE', 'OK', 'CANCEL', 'YES', 'NO']);
const ButtonSet = enumeration('ButtonSet', ['OK', 'OK_CANCEL', 'YES_NO', 'YES_NO_CANCEL']);

class Ui {
  get typeName() { return 'Ui'; }
  toString() { return 'Ui'; }
  get Button() { return Button; }
  get ButtonSet() { return ButtonSet; }

  createAddonMenu() { return new Menu(null); }
  createMenu(caption) {
    check('Ui.createMenu', arguments, ['String']);
    return new Menu(caption);
  }

  showSidebar(userInterface) {
    permit('interface', 'Ui.showSidebar');
    check('Ui.showSidebar', arguments, [HtmlOutput]);
    tell({sidebar: drawn(userInterface)});
  }
  showModalDialog(userInterface, title) {
    permit('interface', 'Ui.showModalDialog');
    check('Ui.showModalDialog', arguments, [HtmlOutput, 'String']);
    tell({dialog: {...drawn(userInterface), title, modal: true}});
  }
  showModelessDialog(userInterface, title) {
    permit('interface', 'Ui.showModelessDialog');
    check('Ui.showModelessDialog', arguments, [HtmlOutput, 'String']);
    tell({dialog: {...drawn(userInterface), title, modal: false}});
  }

  /** Stops the script until the person has answered. */
  alert(first, second, third) {
    permit('interface', 'Ui.alert');
    check('Ui.alert', arguments,
      ['String'], ['String', ButtonSet], ['String', 'String', ButtonSet]);
    const titled = arguments.length === 3;
    const buttons = (titled ? third : second) ?? ButtonSet.OK;
    const question = call('ui.ask', {});
    tell({
      alert: {
        question,
        title: titled ? first : '',
        message: titled ? second : first,
        buttons: String(buttons).split('_'),
      },
    });
    return Button[call('ui.answer', {question})];
  }
}

class Menu {
  constructor(caption) {
    Object.defineProperty(this, 'menu_', {value: {caption, items: []}});
  }
  get typeName() { return 'Menu'; }
  toString() { return 'Menu'; }
  addItem(caption, functionName) {
    check('Menu.addItem', arguments, ['String', 'String']);
    this.menu_.items.push({caption, functionName});
    return this;
  }
  addSeparator() {
    this.menu_.items.push({separator: true});
    return this;
  }
  addSubMenu(menu) {
    check('Menu.addSubMenu', arguments, [Menu]);
    this.menu_.items.push(menu.menu_);
    return this;
  }
  addToUi() { tell({menu: this.menu_}); }
}

let ui = null;
function theUi() { return (ui ??= new Ui()); }

function drawn(output) {
  return {
    html: output.getContent(),
    title: output.getTitle(),
    width: output.getWidth(),
    height: output.getHeight(),
  };
}
