package flink

import "regexp"

// hints say what to do about a reason. The first match counts.
var hints = []struct {
	reason *regexp.Regexp
	text   string
}{
	{regexp.MustCompile(`^unexpected "\\""`), "Flink writes names in back quotes (`name`) and text in single quotes ('text')"},
	{regexp.MustCompile(`^unexpected "\$"`), "a parameter is written ${name}"},
	{regexp.MustCompile(`^unexpected `), "check for a missing comma, bracket or keyword before it; a name that is a keyword of SQL needs back quotes"},
	{regexp.MustCompile(`ends too early$|ends too early,`), "check for a bracket that is still open, or a semicolon that comes too early"},
	{regexp.MustCompile(`^Object '.*' not found|^Cannot find table`), "was its CREATE TABLE run before, in the same session? Tables last as long as the session that created them"},
	{regexp.MustCompile(`^Column '.*' not found|^Unknown identifier`), "compare it with the columns of the CREATE TABLE; DESCRIBE lists them"},
	{regexp.MustCompile(`^No match found for function signature`), "SHOW FUNCTIONS lists the functions; check the types of the arguments too"},
	{regexp.MustCompile(`Could not find any factory for identifier`), "Flink lists all identifiers that it has loaded: compare 'connector' and 'format' with them"},
	{regexp.MustCompile(`do not contain an option key 'connector'`), "add 'connector' = '…' to the table's WITH (…)"},
	{regexp.MustCompile(`^Unsupported options found`), "check the spelling of the option in the table's WITH (…)"},
	{regexp.MustCompile(`required options are missing|Could not find required`), "add the option to the table's WITH (…)"},
	{regexp.MustCompile(`already exists`), "DROP it first, or CREATE … IF NOT EXISTS"},
	{regexp.MustCompile(`^Column types of query result and sink`), "the SELECT must return the table's columns in their order and with their types; CAST those that differ"},
	{regexp.MustCompile(`requires the timecol|time attribute`), "a window needs a TIMESTAMP(3) or TIMESTAMP_LTZ(3) column with a WATERMARK in the CREATE TABLE"},
	{regexp.MustCompile(`^Call to auxiliary group function`), "make windows first: SELECT window_start, … FROM TABLE(TUMBLE(TABLE t, DESCRIPTOR(event_time), INTERVAL '10' SECOND)) GROUP BY window_start, window_end"},
	{regexp.MustCompile(`^Cannot apply`), "DESCRIBE shows the columns' types; CAST what has a different type from the one that the function takes"},
	{regexp.MustCompile(`UnknownTopicOrPartitionException|not present in metadata`), "does the topic exist? hoplab's Kafka makes none for whoever writes first: use ${topic}, or one of the lab's topics"},
	{regexp.MustCompile(`^NumberFormatException`), "TRY_CAST returns NULL where CAST fails"},
	{regexp.MustCompile(`/ by zero`), "divide by NULLIF(x, 0), which is NULL for 0"},
	{regexp.MustCompile(`(Failed|Fail) to deserialize|deserialize JSON`), "compare a message of the topic with the types of the table's columns; how times are written is said by 'json.timestamp-format.standard'"},
	{regexp.MustCompile(`(?i)connection refused|timed out|TimeoutException|UnknownHostException`), "is the server in the table's WITH (…) running? `lab status` shows it"},
}

// Hint says what to do about an error of Flink, "" where nobody knows.
func Hint(reason string) string {
	for _, h := range hints {
		if h.reason.MatchString(reason) {
			return h.text
		}
	}
	return ""
}
