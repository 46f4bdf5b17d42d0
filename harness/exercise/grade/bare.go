package grade

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"time"

	"hoplab.example/harness/exercise/sandbox"
	"hoplab.example/harness/util/capped"
)

// bareOutput is how much of an unguarded script's output is kept, in bytes.
const bareOutput = 1 << 20

// runBare runs a script as the user could, with no more than its own environment
// and until ctx ends, where the system can't shut it in.
func runBare(ctx context.Context, o sandbox.Options) (sandbox.Result, error) {
	cmd := exec.CommandContext(ctx, "sh", "-c", o.Script)
	cmd.Dir, cmd.WaitDelay = o.Dir, time.Second
	cmd.Env = append([]string{"PATH=" + os.Getenv("PATH"), "HOME=" + o.Dir, "LANG=C.UTF-8"}, o.Env...)
	output := &capped.Buffer{Most: bareOutput}
	cmd.Stdout, cmd.Stderr = output, output
	err := cmd.Run()
	result := sandbox.Result{Output: output.Bytes(), Dropped: output.Dropped}
	var exit *exec.ExitError
	switch {
	case ctx.Err() != nil:
		result.Exit, result.Limit = -1, sandbox.WallTime
	case errors.As(err, &exit):
		result.Exit = exit.ExitCode()
	case err != nil:
		return result, fmt.Errorf("run the script: %w", err)
	}
	return result, nil
}
