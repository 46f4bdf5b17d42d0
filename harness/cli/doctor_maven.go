package cli

import (
	"context"
	"fmt"
	"strings"
	"time"

	"hoplab.example/harness/server/maven"
	"hoplab.example/harness/server/version"
	"hoplab.example/harness/util/hint"
)

// reachLimit is how long Maven may take to fetch a small file.
const reachLimit = time.Minute

// doctorMaven says whether the servers of the stack are downloaded and, where they
// aren't, whether Maven is there and can fetch them. It returns what is lacking, if
// anything.
func (a *app) doctorMaven(ctx context.Context, store maven.Store, stack version.Stack) (lacking []string, err error) {
	missing, bytes, err := store.Missing(pomsOf(stack)...)
	switch {
	case err != nil:
		return nil, err
	case len(missing) == 0:
		a.doctorSays("ok", "servers", "all of the stack "+stack.Name+" are downloaded: Maven isn't needed")
		return nil, nil
	}
	a.doctorSays("absent", "servers", fmt.Sprintf("%s: the first run downloads up to %d MiB", strings.Join(missing, ", "), bytes>>20))
	limited, cancel := context.WithTimeoutCause(ctx, reachLimit, fmt.Errorf("it didn't answer within %v", reachLimit))
	defer cancel()
	if err := maven.Reach(limited); err != nil {
		a.doctorSays("missing", "mvn", strings.TrimPrefix(err.Error(), "mvn: "))
		fmt.Fprintf(a.out, "         %s\n", strings.ReplaceAll(hint.Of(err), "\n", "\n         "))
		return []string{"mvn"}, ctx.Err()
	}
	a.doctorSays("ok", "mvn", "reaches its repository")
	return nil, nil
}
