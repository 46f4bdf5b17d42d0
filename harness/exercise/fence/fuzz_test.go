package fence

import (
	"regexp"
	"strings"
	"testing"
)

// withoutComments removes comments. It shares no code with the reader under test.
var piece = regexp.MustCompile("(?s)'(?:[^']|'')*'|`[^`]*`|--[^\r\n]*|//[^\r\n]*|/\\*.*?\\*/|.")

func withoutComments(text string) string {
	return piece.ReplaceAllStringFunc(text, func(p string) string {
		if len(p) > 1 && strings.ContainsRune("-/", rune(p[0])) {
			return " "
		}
		return p
	})
}

var (
	names  = regexp.MustCompile(`(?is)'(topic|index|topic-pattern|hosts|properties\.bootstrap\.servers)'\s*=\s*'((?:[^']|'')*)'`)
	jobs   = regexp.MustCompile(`(?is)^\s*(ADD|CALL|LOAD|UNLOAD|ALTER|USE|RESET|STOP|COMPILE|REMOVE|DELETE|UPDATE|TRUNCATE|ANALYZE|CREATE\s+(FUNCTION|CATALOG|DATABASE|SYSTEM)|EXECUTE\s+PLAN)\b`)
	inText = regexp.MustCompile("(?s)'(?:[^']|'')*'")
)

// own reports whether a value belongs to the run.
func own(key, value string) bool {
	switch strings.ToLower(key) {
	case "topic":
		return value == "smart_a"
	case "index":
		return value == "datuak_a" || strings.HasPrefix(value, "datuak_a-")
	case "hosts":
		return regexp.MustCompile(`^https?://127\.0\.0\.1:920[01]$`).MatchString(value)
	case "properties.bootstrap.servers":
		return value == "127.0.0.1:9092"
	}
	return false
}

// FuzzSQL: no file passes that gives a table a topic, index or server of another run,
// or that contains a statement that isn't allowed.
func FuzzSQL(f *testing.F) {
	for _, seed := range []string{
		kafkaTable + ")", esTable + ")", kafkaTable + ") LIKE x", kafkaTable + ", 'topic'='smart_b')", "ADD JAR 'x'",
		"SELECT 1 /*+ OPTIONS('topic'='smart_b') */", "SELECT 1 /***/ , '*/ ; ADD JAR x' ", "SET 'a' = 'b'; USE x",
		"CREATE TABLE t (a INT) WITH ('connector'='kafka', 'topic'='smart_b')", "EXECUTE STATEMENT SET BEGIN INSERT INTO a SELECT 1; END",
		"CREATE VIEW v AS SELECT '''' -- '\n", strings.Replace(esTable, "'datuak_a'", "'datuak_a-{x}'", 1) + ")",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if refused("x.sql", text, nil) != nil {
			return
		}
		code := withoutComments(strings.TrimPrefix(text, "\ufeff"))
		if strings.Contains(inText.ReplaceAllString(code, "''"), "/*+") {
			t.Errorf("a hint passed: %q", text)
		}
		for s := range strings.SplitSeq(inText.ReplaceAllString(code, "''"), ";") {
			if jobs.MatchString(s) {
				t.Errorf("%q passed", text)
			}
		}
		if !regexp.MustCompile(`(?i)create`).MatchString(code) {
			return // no table: 'topic' = 'x' compares two texts
		}
		for s := range strings.SplitSeq(code, ";") {
			if !regexp.MustCompile(`(?is)^\s*create\s+(temporary\s+)?table\b`).MatchString(s) {
				continue
			}
			for _, m := range names.FindAllStringSubmatch(s, -1) {
				if !own(m[1], m[2]) {
					t.Errorf("%q passed, with %s = %s", text, m[1], m[2])
				}
			}
		}
	})
}
