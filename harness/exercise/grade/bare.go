package grade

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"time"

	"hoplab.example/harness/exercise/sandbox"
)

// bareOutput is how much of an unguarded script's output is kept, in bytes.
const bareOutput = 1 << 20

// runBare runs a script as the user could, with no more than its own environment
// and until ctx ends, where the system can't shut it in.
func runBare(ctx context.Context, o sandbox.Options) (sandbox.Result, error) {
	cmd := exec.CommandContext(ctx, "sh", "-c", o.Script)
	cmd.Dir, cmd.WaitDelay = o.Dir, time.Second
	cmd.Env = append([]string{"PATH=" + os.Getenv("PATH"), "HOME=" + o.Dir, "LANG=C.UTF-8"}, o.Env...)
	output := &kept{}
	cmd.Stdout, cmd.Stderr = output, output
	err := cmd.Run()
	result := sandbox.Result{Output: output.text, Dropped: output.dropped}
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

// kept keeps the beginning of what is written to it.
type kept struct {
	text    []byte
	dropped int64
}

func (k *kept) Write(p []byte) (int, error) {
	take := min(len(p), bareOutput-len(k.text))
	k.text = append(k.text, p[:take]...)
	k.dropped += int64(len(p) - take)
	return len(p), nil
}
