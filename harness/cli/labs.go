package cli

import (
	"os"

	"github.com/spf13/pflag"

	"hoplab.example/harness/exercise/lab"
)

// labsVariable names the environment variable that has the labs' folder if the
// command line doesn't.
const labsVariable = "HOPLAB_LABS"

// labsOptions say which labs there are.
type labsOptions struct{ dir, private string }

func (o *labsOptions) flags(f *pflag.FlagSet) {
	f.StringVar(&o.dir, "labs", os.Getenv(labsVariable), "a folder of labs to use instead of those built in (default: $"+labsVariable+")")
}

func (o *labsOptions) privateFlag(f *pflag.FlagSet) {
	f.StringVar(&o.private, "private", "", "a folder with NN-name/checks.yaml and NN-name/solution that students don't have")
}

// set returns the labs of the folder, or those that are built in, with the hidden
// checks and solutions of the private one.
func (o labsOptions) set() (set lab.Set, err error) {
	set = lab.Ours()
	if o.dir != "" {
		if set, err = lab.Open(o.dir); err != nil {
			return set, usageError{err}
		}
	}
	if o.private != "" {
		if set, err = set.WithPrivate(o.private); err != nil {
			return set, usageError{err}
		}
	}
	return set, nil
}
