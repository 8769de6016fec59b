package text

import "farol/state/fault"

// englishStateProblems words the faults of the set-up's folder and of the vault.
var englishStateProblems = map[fault.Code]Problem{
	"state.absent": {
		What: "There is no set-up in the folder[ {dir}].",
		Why:  "It has no farol.yaml.",
		Do:   "Change to the set-up's folder, name it with --dir, or run farol to begin a new set-up.",
	},
	"state.exists": {
		What: "There is a set-up in the folder already[: {dir}].",
		Why:  "A new one would overwrite what the old one knows.",
		Do:   "Run farol to go on with it, or name another folder with --dir.",
	},
	"state.locked": {
		What: "Somebody works on this set-up right now.",
		Why:  "[{user} on {host} has had it since {since}, as process {pid}. ]Two at a time could do things twice.",
		Do:   "Wait until they are done, or stop that process[: {pid} on {host}]. Then run farol again.",
	},
	"state.unwritable": {
		What: "The set-up cannot be saved[ in {path}].",
		Why:  "The reason is: {reason}. Without a saved intent Farol changes nothing, so nothing was begun.",
		Do:   "Make room or give yourself the right to write in {dir}, then run farol again.",
	},
	"state.unreadable": {
		What: "The file {path} cannot be read.",
		Why:  "The reason is: {reason}.",
		Do:   "Check who owns the file and who may read it, then run farol again.",
	},
	"state.not-plain": {
		What: "{path} is not what belongs there.",
		Why:  "A link or a folder stands where a plain file should be, or the reverse. Farol does not follow it.",
		Do:   "Look at it with ls -l, move it away, and run farol again.",
	},
	"state.edited": {
		What: "{path} was changed by hand.",
		Why:  "It can be read, but its checksum does not fit what is in it.",
		Do:   "If you changed it on purpose, run farol again with --accept-edited. If not, compare it with {path}.prev.",
	},
	"state.damaged": {
		What: "{path} is damaged.",
		Why:  "It is cut short or overwritten. Nothing in the regions was touched.",
		Do:   "[{prev} is whole, from save {prev_serial}. ][{backup} is whole, from save {backup_serial}. ]Copy a whole one over the damaged file and run farol again: it looks at the world before it does anything.",
	},
	"state.newer": {
		What: "{path} was written by a newer Farol[: {tool}].",
		Why:  "This version cannot read its form[ (schema {schema})].",
		Do:   "Use that version or a later one.",
	},
	"state.overtaken": {
		What: "Somebody else saved this set-up meanwhile.",
		Why:  "The lock was passed by: the folder[ {dir}] is shared or was copied. Farol stopped before it overwrote anything.",
		Do:   "Make sure that only one Farol works on the folder, then run farol again.",
	},
	"state.unfit": {
		What: "The set-up cannot be saved as it is.",
		Why:  "It has become too large, or holds something that is not text. The last save is whole.",
		Do:   "Run farol again. If it fails again, report it with the log.",
	},
	"state.closed": {
		What: "Farol made a mistake: it saved after it had closed the set-up.",
		Why:  "This is a bug. The last save is whole.",
		Do:   "Run farol again. Please report it with the log.",
	},

	// The vault and what opens it.
	"state.vault-locked": {
		What: "The vault is locked.",
		Why:  "It holds the private keys, and there is nobody to ask for its passphrase: this is not a terminal.",
		Do:   "Run farol in a terminal, or name the vault's identity file with --vault-identity.",
	},
	"state.vault-absent": {
		What: "The vault {path} is not there.",
		Why:  "It holds the private keys of this set-up. Without it the set-up cannot go on.",
		Do:   "Put the file back from your backup of the folder. If it is lost for ever, begin a new set-up in another folder.",
	},
	"state.vault-exists": {
		What: "There is a vault already[: {path}].",
		Why:  "Its keys may be in use. Farol does not overwrite it.",
		Do:   "Choose another folder with --dir, or move the old vault away.",
	},
	"state.vault-damaged": {
		What: "The vault {path} is damaged.",
		Why:  "It is cut short or was changed. Nothing in the regions was touched.",
		Do:   "Put the file back from your backup of the folder, then run farol again.",
	},
	"state.seal-damaged": {
		What: "A sealed file cannot be opened.",
		Why:  "It is damaged, or it was never sealed.",
		Do:   "Run farol again: it writes the file anew from the vault.",
	},
	"state.wrong-key": {
		What: "This identity does not open the vault[ {path}].",
		Why:  "The vault was sealed for another one.",
		Do:   "Name the identity file that belongs to this set-up with --vault-identity, or copy it back beside the set-up.",
	},
	"state.key-absent": {
		What: "The vault's identity file {path} is not there.",
		Why:  "It is what opens the vault.",
		Do:   "Put it back from your backup, or name it with --vault-identity.",
	},
	"state.key-exists": {
		What: "There is an identity file already[: {path}].",
		Why:  "It may open a vault. Farol does not overwrite it.",
		Do:   "Choose another folder with --dir, or move the old file away.",
	},
	"state.key-open": {
		What: "The identity file {path} can be read by others[ (mode {mode})].",
		Why:  "Whoever has it can open the vault.",
		Do:   "Run chmod 600 {path}, then run farol again.",
	},
	"state.key-damaged": {
		What: "The identity file {path} is damaged.",
		Why:  "There is no usable key in it.",
		Do:   "Put it back from your backup, then run farol again.",
	},
	"state.passphrase-typo": {
		What: "The two passphrases are not the same.",
		Why:  "What is typed cannot be seen, so it is asked twice.",
		Do:   "Type it again, slowly.",
	},
	"state.passphrase-short": {
		What: "The passphrase is too short.",
		Why:  "[It needs at least {minimum} characters. ]Whoever guesses it has your private keys.",
		Do:   "Choose a longer one: four or five words that do not belong together.",
	},
	"state.passphrase-wrong": {
		What: "The passphrase is wrong.",
		Why:  "It does not open the vault's identity[ in {path}].",
		Do:   "Run farol again and type it once more. It cannot be recovered.",
	},
}

// englishReasons words what the facts "reason" and "problem" say.
var englishReasons = map[string]string{
	"permission": "you may not do that with this file",
	"read-only":  "the disk can only be read",
	"full":       "the disk is full",
	"owner":      "the file belongs to another user",
	"file":       "a part of the path is a file, not a folder",
	"io":         "the disk gave an error",
	"missing":    "there is no such file",
	"not-a-file": "it is a folder or a device, not a file",
	"too-large":  "it is larger than 256 MiB",
	"unreadable": "it cannot be read",

	"organization": "the organization's MSP id is missing",
	"certificate":  "the certificate cannot be read",
	"key":          "the private key cannot be read",
	"mismatch":     "the private key does not belong to the certificate",
	"gzip":         "it is not compressed with gzip",
	"tar":          "it is not a tar archive",
	"metadata":     "its metadata.json is missing or cannot be read",
	"code":         "its code.tar.gz is missing",
	"zip":          "it is not a zip archive",
	"msp":          "the organization's definition is missing or cannot be read",
	"certificates": "its certificates are missing or cannot be read",
	"label":        "its label has characters that Fabric does not allow",
}
