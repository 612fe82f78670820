/** HtmlService: files, templates and their contextual escaping.
 * https://developers.google.com/apps-script/guides/html/templates */

class HtmlOutput {
  constructor(content) {
    Object.defineProperty(this, 'page_', {
      value: {content, title: '', width: null, height: null, faviconUrl: null},
    });
  }
  get typeName() { return 'HtmlService.HtmlOutput'; }
  toString() { return 'HtmlOutput'; }
  getContent() { return this.page_.content; }
  setContent(content) { return this.set_('content', content); }
  append(added) { return this.set_('content', this.page_.content + added); }
  appendUntrusted(added) { return this.append(escapeText(String(added))); }
  clear() { return this.set_('content', ''); }
  getTitle() { return this.page_.title; }
  setTitle(title) {
    check('HtmlService.HtmlOutput.setTitle', arguments, ['String']);
    return this.set_('title', title);
  }
  getWidth() { return this.page_.width; }
  /** A sidebar is 300 pixels wide, whatever is asked. */
  setWidth(width) { return this.set_('width', width); }
  getHeight() { return this.page_.height; }
  setHeight(height) { return this.set_('height', height); }
  asTemplate() { return new HtmlTemplate(this.page_.content); }
  set_(key, value) {
    this.page_[key] = value;
    return this;
  }
}

/** Scripts set properties on it, which its scriptlets see as variables. */
class HtmlTemplate {
  constructor(source) { Object.defineProperty(this, 'source_', {value: source}); }
  get typeName() { return 'HtmlService.HtmlTemplate'; }
  toString() { return 'HtmlTemplate'; }
  getRawContent() { return this.source_; }
  getCode() { return compiled(this.source_); }
  evaluate() {
    const names = Object.keys(this);
    // Function, not eval: scriptlets see the add-on's globals and these variables, nothing of ours.
    const render = new Function('output$', 'escape$', ...names, this.getCode());
    const pieces = [];
    render((piece) => pieces.push(piece), escapeIn, ...names.map((name) => this[name]));
    return new HtmlOutput(pieces.join(''));
  }
}

function compiled(source) {
  const place = new Place();
  return source.split(/(<\?[\s\S]*?\?>)/).map((part) => {
    if (!part.startsWith('<?')) {
      place.read(part);
      return `output$(${JSON.stringify(part)});`;
    }
    const code = part.slice(2, -2);
    if (code.startsWith('!=')) return `output$(String(${bare(code.slice(2))}));`;
    if (!code.startsWith('=')) return `${code}\n`;
    return `output$(escape$(${JSON.stringify(place.now())}, ${bare(code.slice(1))}));`;
  }).join('');
}

/** An expression may end in a semicolon. */
function bare(code) {
  return `(${code.trim().replace(/;+$/, '')}\n)`;
}

/** Reads a template from its beginning and knows in what kind of place it is. */
class Place {
  constructor() {
    this.in = 'text';
    this.quote = '';
    this.attribute = '';
    this.element = '';
    this.value = '';
  }

  now() {
    if (this.in === 'value') {
      const name = this.attribute;
      if (/^on/.test(name)) return 'handler';
      if (/^(href|src|action|formaction|cite|poster|background)$/.test(name)) {
        return this.value.trim() === '' ? 'url' : 'urlPart';
      }
      return this.quote ? 'attribute' : 'unquoted';
    }
    if (this.in === 'script') return this.quote ? 'string' : 'script';
    return {style: 'style', tag: 'unquoted', comment: 'nothing'}[this.in] ?? 'text';
  }

  read(text) {
    for (let at = 0; at < text.length;) at = this.step(text, at);
  }

  step(text, at) {
    const rest = text.slice(at);
    const take = (pattern) => pattern.exec(rest)?.[0].length ?? 0;
    switch (this.in) {
      case 'text': {
        if (rest.startsWith('<!--')) return this.enter('comment', at + 4);
        const tag = /^<\/?([a-zA-Z][\w:-]*)/.exec(rest);
        if (!tag) return at + Math.max(1, take(/^[^<]+/));
        this.element = rest[1] === '/' ? '' : tag[1].toLowerCase();
        return this.enter('tag', at + tag[0].length);
      }
      case 'comment': {
        const end = rest.indexOf('-->');
        return end < 0 ? text.length : this.enter('text', at + end + 3);
      }
      case 'tag': {
        if (rest[0] === '>') {
          const inside = /^(script|style)$/.test(this.element) ? this.element : 'text';
          this.quote = '';
          return this.enter(inside, at + 1);
        }
        const attribute = /^([^\s=>"'/]+)\s*=\s*(["']?)/.exec(rest);
        if (!attribute) return at + Math.max(1, take(/^[^\s=>"'/]+/));
        [, this.attribute, this.quote] = attribute;
        this.attribute = this.attribute.toLowerCase();
        this.value = '';
        return this.enter('value', at + attribute[0].length);
      }
      case 'value': {
        const ends = this.quote ? rest[0] === this.quote : /[\s>]/.test(rest[0]);
        if (!ends) {
          this.value += rest[0];
          return at + 1;
        }
        return this.enter('tag', this.quote ? at + 1 : at);
      }
      default: {
        if (take(/^<\/(script|style)/i)) return this.enter('text', at);
        if (this.in === 'style') return at + 1;
        if (rest[0] === '\\' && this.quote) return at + 2;
        if (this.quote ? rest[0] === this.quote : /["'`]/.test(rest[0])) {
          this.quote = this.quote ? '' : rest[0];
        }
        return at + 1;
      }
    }
  }

  enter(state, at) {
    this.in = state;
    return at;
  }
}

/** What `<?= ?>` prints: text that can be nothing but text in that place. */
function escapeIn(place, value) {
  const text = value === null || value === undefined ? '' : String(value);
  switch (place) {
    case 'url': return escapeText(/^(https?:|mailto:|[^:]*$)/i.test(text) ? text : '#unsafe');
    case 'urlPart': return escapeText(encodeURIComponent(text));
    case 'unquoted': return escapeText(text).replace(/[\s=`]/g, (c) => `&#${c.charCodeAt(0)};`);
    case 'script': return scriptText(JSON.stringify(value) ?? 'null');
    case 'string': return stringText(text);
    case 'handler': return escapeText(scriptText(JSON.stringify(value) ?? 'null'));
    case 'style': return text.replace(/[^\w #.%,-]/g, '');
    case 'nothing': return '';
    default: return escapeText(text);
  }
}

const ENTITIES = {'&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&#34;', "'": '&#39;'};

function escapeText(text) {
  return text.replace(/[&<>"']/g, (c) => ENTITIES[c]);
}

function scriptText(json) {
  return json.replace(/[<>&\u2028\u2029]/g, unicoded);
}

/** Inside a string literal of any quote. */
function stringText(text) {
  return text.replace(/[^\w .,:;!?()+*@#%=-]/g, unicoded);
}

function unicoded(c) {
  return `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

const HtmlService = {
  createHtmlOutput(html = '') { return new HtmlOutput(String(html)); },
  createHtmlOutputFromFile(filename) {
    check('HtmlService.createHtmlOutputFromFile', arguments, ['String']);
    return new HtmlOutput(htmlFile(filename));
  },
  createTemplate(html) { return new HtmlTemplate(String(html)); },
  createTemplateFromFile(filename) {
    check('HtmlService.createTemplateFromFile', arguments, ['String']);
    return new HtmlTemplate(htmlFile(filename));
  },
};

function htmlFile(name) {
  return call('project.html', {name});
}
