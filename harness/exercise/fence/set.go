package fence

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// setting matches the two forms of SET. Flink reads it by an expression of its
// own, before its parser does (SetOperationParseStrategy.java).
var setting = regexp.MustCompile(`^(?i:set)\s+(?:'([a-z0-9.-]+)'\s*=\s*'([^']*)'|([a-z0-9.-]+)\s*=\s*([A-Za-z0-9./_-]+))$`)

// harmless are keys that change only how the session's own jobs run. The job's name
// isn't one of them: the run finds the jobs to cancel by their names, and one under
// another name would keep a slot of the cluster forever.
var harmless = []string{
	"execution.runtime-mode", "sql-client.execution.result-mode",
	"table.local-time-zone", "table.dml-sync",
	"table.exec.source.idle-timeout", "table.exec.state.ttl",
	"table.exec.sink.not-null-enforcer", "table.exec.sink.upsert-materialize",
	"table.exec.mini-batch.enabled", "table.exec.mini-batch.allow-latency", "table.exec.mini-batch.size",
	"table.optimizer.agg-phase-strategy",
}

const interval = "execution.checkpointing.interval"

// often matches 500 milliseconds and more, in the units of Flink's TimeUtils. More often
// would cost the cluster, which is shared.
var often = regexp.MustCompile(`(?i)^(?:[1-9][0-9]{0,4} *(s|secs?|seconds?|m|min|minutes?|h|hours?)|(?:[5-9][0-9]{2}|[1-9][0-9]{3,7}) *(ms|millis?|milliseconds?)?)$`)

func (rules Rules) set(r *reader, text string) error {
	if r.done() {
		return nil // SET alone lists the settings
	}
	found := setting.FindStringSubmatch(text)
	if found == nil {
		return r.fault("this SET is malformed", "write SET 'key' = 'value', without a comment in it")
	}
	key, value := found[1]+found[3], found[2]+found[4]
	if rules.Endless && key == "table.dml-sync" && !strings.EqualFold(value, "false") {
		return r.fault("'table.dml-sync' makes the INSERT wait for the end of its job, which never ends here", "leave it out")
	}
	if key == interval && often.MatchString(value) || slices.Contains(harmless, key) || slices.Contains(rules.Settings, key) {
		return nil
	}
	if key == interval {
		return r.fault("the checkpoint interval "+value+" isn't allowed", "write '500ms' or more, such as '10s'")
	}
	return r.fault(fmt.Sprintf("a lab can't set %q", key), "leave it out; a lab can set "+strings.Join(append(slices.Clone(harmless), rules.Settings...), ", "))
}
