package grade

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"hoplab.example/harness/exercise/lab"
	"hoplab.example/harness/exercise/sandbox"
)

func init() {
	register(lab.Kind{Name: "author-script", Options: []lab.Option{
		{Name: "script", Type: lab.OwnFileOption, Required: true, Doc: "the script, a file of the lab's folder, or of the private one"},
	}, Doc: "a script of the author's ends with exit code 0. With 1 the check has failed, and what it printed is the reason; " +
		"any other code is the script's own fault. It runs as you, without a sandbox, in a copy of the student's files, " +
		"with $TOPIC, $SOURCE, $INDEX, $TABLE and the addresses $KAFKA, $MQTT and $ELASTICSEARCH"}, checkAuthorScript)
}

// authorScript is what the script is called in the folder that it runs in.
const authorScript = ".author-script"

// checkAuthorScript runs a script that the lab's author has written, which is trusted
// as the lab itself is.
func checkAuthorScript(ctx context.Context, a *attempt, c lab.Check) verdict {
	text, err := a.lab.Folder.Own(c.With["script"])
	if err != nil {
		return broken(err)
	}
	dir, err := os.MkdirTemp(a.Scratch, "author-")
	if err != nil {
		return broken(err)
	}
	defer os.RemoveAll(dir)
	for _, name := range a.lab.Files {
		_, mine, err := a.open(name)
		if err != nil {
			return failed(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), mine, 0o600); err != nil {
			return broken(err)
		}
	}
	if err := os.WriteFile(filepath.Join(dir, authorScript), text, 0o700); err != nil {
		return broken(err)
	}
	n := a.ours.Names
	result, err := runBare(ctx, sandbox.Options{Dir: dir, Script: "exec " + start(dir, authorScript), Env: []string{
		"TOPIC=" + n.Topic, "SOURCE=" + n.Source, "INDEX=" + n.Index, "TABLE=" + n.Table,
		"KAFKA=" + a.ours.Kafka(), "MQTT=" + a.ours.MQTT(), "ELASTICSEARCH=" + a.ours.Elasticsearch(),
	}})
	said := strings.TrimSpace(string(result.Output))
	switch {
	case err != nil:
		return broken(err)
	case result.Exit == 0:
		return passed()
	case result.Exit == 1 && said != "":
		return failed(fmt.Errorf("%s", said))
	}
	return broken(fmt.Errorf("the author's script %s ended with exit code %d, which is neither 0 nor 1 with a reason; it said:\n%s", c.With["script"], result.Exit, said))
}
