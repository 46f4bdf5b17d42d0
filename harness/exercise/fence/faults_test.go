package fence

import "errors"

// faultsOf returns the faults of an error of this package, in the file's order.
func faultsOf(err error) []*Fault {
	var found []*Fault
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		for _, e := range joined.Unwrap() {
			found = append(found, faultsOf(e)...)
		}
		return found
	}
	var fault *Fault
	if errors.As(err, &fault) {
		found = append(found, fault)
	}
	return found
}
