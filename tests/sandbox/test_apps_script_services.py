"""Properties, locks, digests, requests, templates: as Apps Script has them."""

from __future__ import annotations

import pytest

from tests.sandbox.scripted_page import CallFailed


def test_properties_belong_to_the_document_the_person_or_the_script(sheet, backend):
    seen = sheet.script("""
        const [document, user, script] = ['Document', 'User', 'Script']
          .map((of) => PropertiesService[`get${of}Properties`]());
        document.setProperty('a', 1.5);
        user.setProperties({b: 'two', c: 'three'});
        user.deleteProperty('c');
        return [document.getProperties(), user.getProperties(), user.getProperty('a'),
          script.getProperty('BACKEND_URL')];
    """)
    assert seen == [{"a": "1.5"}, {"b": "two"}, None, backend]


def test_a_property_has_a_longest_value(sheet):
    with pytest.raises(CallFailed, match="Argument too large: value"):
        sheet.script("""
            PropertiesService.getScriptProperties().setProperty('big', 'x'.repeat(9 * 1024 + 1));
        """)


def test_a_lock_has_one_holder_and_is_free_when_its_execution_ends(sheet):
    seen = sheet.panel().evaluate("""(() => {
        const run = (code) => new Promise((ok, no) => google.script.run
          .withSuccessHandler(ok).withFailureHandler(no).script(code));
        const held = run(`const lock = LockService.getDocumentLock(); lock.waitLock(5000);
          PropertiesService.getDocumentProperties().setProperty('held', 'yes');
          Utilities.sleep(900); return lock.hasLock();`);
        const refused = run(`const properties = PropertiesService.getDocumentProperties();
          while (properties.getProperty('held') !== 'yes') Utilities.sleep(20);
          properties.deleteProperty('held');
          const lock = LockService.getDocumentLock();
          return [lock.tryLock(10), lock.tryLock(5000), lock.hasLock()];`);
        return Promise.all([held, refused]);
    })()""")
    assert seen == [True, [False, True, True]]


def test_digests_and_signatures_are_signed_bytes(sheet):
    seen = sheet.script("""
        const bytes = Utilities.computeDigest(Utilities.DigestAlgorithm.SHA_256, 'é');
        const key = Utilities.newBlob('key').getBytes();
        const text = Utilities.computeHmacSha256Signature('data', 'key');
        const same = Utilities.computeHmacSha256Signature(Utilities.newBlob('data').getBytes(), key);
        return [bytes.slice(0, 3), text.slice(0, 3), JSON.stringify(text) === JSON.stringify(same),
          Utilities.base64Encode('é'), Utilities.base64Decode('w6k='), Utilities.getUuid().length];
    """)
    assert seen == [[74, -103, 85], [80, 49, -2], True, "w6k=", [-61, -87], 36]


def test_dates_are_formatted_in_the_zone_that_is_asked_for(sheet):
    seen = sheet.script("""
        return ['Europe/Berlin', 'UTC'].map((zone) => Utilities.formatDate(
          new Date('2026-07-01T22:05:09Z'), zone, "yyyy-MM-dd'T'HH:mm:ssXXX EEE d MMM h a"));
    """)
    assert seen == [
        "2026-07-02T00:05:09+02:00 Thu 2 Jul 12 AM",
        "2026-07-01T22:05:09Z Wed 1 Jul 10 PM",
    ]


def test_a_request_is_made_for_the_script(sheet, backend):
    seen = sheet.script(
        """
        const response = UrlFetchApp.fetch(args + '/hello', {
          method: 'post', contentType: 'application/json', payload: JSON.stringify({a: 'é'}),
          headers: {Authorization: 'Bearer x'}, timeoutSeconds: 5, muteHttpExceptions: true,
        });
        return [response.getResponseCode(), JSON.parse(response.getContentText()),
          response.getAllHeaders()['Set-Cookie'], response.getHeaders()['Set-Cookie']];
        """,
        backend,
    )
    said = {
        "method": "POST",
        "path": "/hello",
        "type": "application/json",
        "authorization": "Bearer x",
        "body": '{"a":"é"}',
    }
    assert seen == [200, said, ["a=1", "b=2"], "b=2"]


def test_redirects_are_followed_unless_told_otherwise(sheet, backend):
    seen = sheet.script(
        """
        const paths = (options) => JSON.parse(
          UrlFetchApp.fetch(args + '/moved', options).getContentText()).path;
        return [paths({}), paths({followRedirects: false})];
        """,
        backend,
    )
    assert seen == ["/arrived", "/moved"]


def test_an_error_status_throws_unless_it_is_muted(sheet, backend):
    with pytest.raises(CallFailed, match=r"Request failed for http://127.* returned code 418"):
        sheet.script("UrlFetchApp.fetch(args + '/teapot')", backend)
    seen = sheet.script(
        "return UrlFetchApp.fetchAll([{url: args + '/teapot', muteHttpExceptions: true}, args])"
        ".map((one) => one.getResponseCode())",
        backend,
    )
    assert seen == [418, 200]


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("http://127.0.0.1:9/", "not allowed"),
        ("https://api.example.com/v2/", "not allowed"),
        ("https://api.example.com.evil.example/v1/", "not allowed"),
        ("https://api.example.com/v1/x", "DNS error"),  # allowed, but nobody is out there
    ],
)
def test_only_addresses_of_the_manifest_can_be_fetched(sheet, url, words):
    with pytest.raises(CallFailed, match=words):
        sheet.script("UrlFetchApp.fetch(args)", url)


def test_console_lines_of_server_and_sidebar_are_kept(sheet):
    sheet.script("console.log('from the server', {a: 1})")
    sheet.panel().evaluate("console.warn('from the sidebar')")
    sheet.page.wait_for_timeout(100)
    said = [(line.where, line.level, line.text) for line in sheet.apps_script.console]
    assert ("server", "log", 'from the server {"a":1}') in said
    assert ("sidebar", "warn", "from the sidebar") in said


def test_templates_escape_by_place(sheet):
    panel = sheet.panel()
    hostile = '</script><b>"O\'Neill" & Sons</b>'
    assert panel.locator("#name").inner_text() == hostile
    assert panel.locator("#name").get_attribute("title") == hostile
    assert panel.evaluate("[window.fromTemplate, window.inString]") == [hostile, hostile]
    assert panel.locator("#link").get_attribute("href") == "#unsafe"
    assert panel.locator("i").all_inner_texts() == ["1", "2", "3"]
    assert panel.locator("body > b").count() == 0


def test_a_missing_file_is_named(sheet):
    with pytest.raises(CallFailed, match=r"Exception: No HTML file named Nope was found."):
        sheet.script("HtmlService.createTemplateFromFile('Nope')")
