// The table of signal patterns: how the tools of many languages write. Knows no matching.
#include "diagnostics/line_signals.hpp"

namespace headway {
namespace {

using enum Signal;
using enum SignalPlace;

// What may stand before a message: a time, a level in brackets, the name of a process, "info  ".
#define HEADWAY_PREFIX R"(^(?:\[[^\]]{1,40}\] ?|[0-9:.,TZ/ -]{8,32} )?\s*)"

// One pattern a line, however long.
// clang-format off
constexpr SignalPattern kPatterns[] = {
    // A line that calls itself an error.
    {error_head, at_start, HEADWAY_PREFIX R"(\W{0,4}(?:(?i)fatal |internal |compile |syntax |parse |build |runtime |type |configuration |critical )?(?i:error)\b *[:\](!-])"},
    {error_head, at_start, R"((?i)^\W{0,6}\[? ?(?:error|fatal|severe|critical|err|panic|failure)\]?[ :])"},
    {error_head, any_case, R"((?i)[:\]>)-] *(?:fatal |internal |syntax )?error ?[:\]])"},
    {error_head, anywhere, R"(\b(?i:error)(?: |\[)?[A-Z]{1,4}[0-9]{2,5}\b)"},
    {error_head, at_start, R"(^error(?:\[E[0-9]+\])?:)"},
    {error_head, at_start, R"(^E  +\S)"},
    {error_head, at_start, R"(^(?:npm|pnpm|yarn)? ?ERR! )"},
    {error_head, at_start, R"(^!+ |^\s*!! )"},
    {error_head, anywhere, R"(\b(?:ERROR|FATAL|SEVERE|CRITICAL|Fatal|FATAL ERROR)\b)"},
    {error_head, anywhere, R"(\b(?i:fatal|parse|syntax|compilation|compile|validity|internal compiler|type|runtime|lexical|linker|rename) error\b)"},
    {error_head, at_start, R"((?i)^\s*error\b)"},
    {error_head, any_case, R"((?i)\berror (?:in|on|at|while|during|when|from|loading|parsing|reading|compiling|occurred|creating|running)\b)"},
    {error_head, at_start, R"(^\S{0,60}: (?i:error|fatal|fatal error)\b)"},
    {error_head, anywhere, R"(\*\* \([A-Z])"},
    // Exceptions.
    {exception, at_start, R"(^\W{0,6}(?:[\w$]+[.:/\\])*[A-Z]\w*(?:Error|Exception|Failure|Fault|Interrupt|Panic|Exit|Warning|NotFound)\b)"},
    {exception, at_start, R"(^(?:Exception|Error) in thread )"},
    {exception, anywhere, R"(\w(?:Exception|Error): )"},
    {exception, anywhere, R"(Traceback \(most recent call)"},
    {exception, at_start, R"(^\s*Caused by)"},
    {exception, any_case, R"((?i)\b(?:uncaught|unhandled|unexpected) (?:\w+ )?(?:exception|error|rejection|promise))"},
    {exception, at_start, R"(^panic: |^fatal error: |^goroutine [0-9]+ \[)"},
    {exception, anywhere, R"(\bpanicked at )"},
    {exception, anywhere, R"(terminate called|what\(\):|\bcore dumped\b|AddressSanitizer|runtime error:|Sanitizer:)"},
    {exception, at_start, R"(^(?:PHP )?(?:Fatal error|Parse error|Warning|Notice|Catchable fatal error|Recoverable fatal error)\b.* in )"},
    {exception, at_start, R"(^\s*(?:raise|throw(?: new)?|die|abort|assert)\b)"},
    {exception, anywhere, R"(\bException\b|\b(?:stack ?trace|backtrace|Call Stack)\b)"},
    {exception, at_start, R"(^Exited with|^error: exception|^Unhandled|^Uncaught|^\s*\[exception\])"},
    {exception, anywhere, R"(Segmentation fault|SIGSEGV|SIGABRT|SIGILL|SIGBUS|Bus error|Illegal instruction|stack overflow|double free|corrupted)"},
    // Checks.
    {assertion, any_case, R"((?i)\bassert(?:ion)?(?: ?failed|error|: |ion\b))"},
    {assertion, any_case, R"((?i)\b(?:but (?:got|was|received|found|is|instead)|expected (?:to|but|got|value|result|output|actual|at least|exactly|a|an|the|spy|string|object|number|[0-9]+)|instead (?:got|of)|got instead)\b)"},
    {assertion, at_start, R"((?i)^\s*\W{0,3}(?:expected|actual|got|received|want|wanted|left|right|difference|result|output)\b *(?:[:=<]|was|value))"},
    {assertion, any_case, R"((?i)\b(?:should (?:have|be|not|equal|match|contain)|to (?:equal|be|match|have)\b|did not (?:match|equal|return|throw|raise)|does(?: not|n't) match|not equal|must be|is not true|are not equal|failed asserting|not to be))"},
    {assertion, any_case, R"((?i)\b(?:mismatch|differs?|diff(?:erence)?s? (?:found|in|between))\b)"},
    {assertion, at_start, R"((?i)^\s*(?:failure/error|check failed|requirement failed|condition not|reason|message|diagnostic|details?):)"},
    // A test that failed.
    {test_failed, at_start, R"(^\s*--- FAIL|^FAIL\b|^\s*(?:not ok|NOT OK)\b|^not ok )"},
    {test_failed, anywhere, R"(\b(?:FAIL|FAILED|FAILURE|FAILURES|XPASS|ERRORED|BROKEN)\b)"},
    {test_failed, anywhere, R"(\bFAIL(?:ED|URE)?!+)"},
    {test_failed, at_start, R"(^\W{0,8}(?i:failed|failure|fail|fails|broken|errored)\b *[:\[(-]?)"},
    {test_failed, any_case, R"((?i)\.\.\.+ *(?:failed|fail|error|not ok|no|ko)\b)"},
    {test_failed, anywhere, R"(<<< (?:FAILURE|ERROR)!)"},
    {test_failed, anywhere, R"(\*\*\* ?(?:FAILED|ERROR|Failed|Error|Failure)|\*\*\*(?:Failed|Exception|Timeout))"},
    {test_failed, at_start, R"(^\s*(?:\xe2\x9c\x97|\xe2\x9c\x98|\xe2\x9c\x96|\xe2\x9c\x95|\xc3\x97|\xe2\x97\x8f|\xe2\x9d\x8c|\xe2\x9d\x97|\xe2\x95\xb3|\xe2\x9c\x96\xef\xb8\x8e)\s?)"},
    {test_failed, any_case, R"((?i)\b(?:tests?|specs?|examples?|scenarios?|suites?|cases?|checks?|features?|steps?|targets?|hooks?|tasks?) (?:has |have |was |were |did )?(?:failed|failing|broken|aborted|errored|not pass))"},
    {test_failed, any_case, R"((?i)\b(?:failed|failing|broken|errored) (?:tests?|specs?|examples?|scenarios?|suites?|cases?|checks?|in|at|on line|assertion|to))"},
    {test_failed, at_start, R"(^\s*\[ *(?:FAILED|FAIL|ERROR|fail) *\])"},
    {test_failed, anywhere, R"(\[FAIL\]|\[fail\]|\[-\] )"},
    {test_failed, at_start, R"(^\s*(?:Error|Failure|ERROR|FAIL|FAILURE|Fail)[ :]+(?:in )?(?:[tT]est|[\w.:#]+[tT]est|[\w/.]+\.\w+))"},
    {test_failed, any_case, R"((?i)\bTest Failed\b|\bTest failed\b|test fail|tests? did not|\bhas FAILED\b|\bwent wrong\b)"},
    {test_failed, at_start, R"(^(?:FAILED|ERROR) \S+::|^\S+\.t +\(Wstat|^#\s+Failed test|^\s*# +(?:at|Looks like))"},
    // The marks of test runners.
    {test_mark, at_start, R"(^\s*--- FAIL: |^\s*not ok \d|^FAIL:? +\S|^FAILED:? +\S+(?:::|\.|/)|^ERROR:? +\S+(?:::|\.)|^\s*\[ *FAILED *\] |^\[-\] |^(?:FAIL|ERROR): test|^\s*\d+\) (?:Failure|Error|FAIL|FAILED)|^\S+\.t +\(Wstat|^#? +Failed test )"},
    {test_mark, at_start, R"(^\s*(?:\xe2\x9c\x97|\xe2\x9c\x98|\xe2\x9c\x96|\xe2\x9c\x95|\xc3\x97|\xe2\x97\x8f|\xe2\x9d\x8c)\s+\S)"},
    {test_mark, anywhere, R"(\*\*\* (?:FAILED|ERROR|ABORTED) \*\*\*|<<< (?:FAILURE|ERROR)!|\*\*\*(?:Failed|Exception|Timeout)|\.\.\. ?(?:FAILED|FAIL|ERROR|not ok)\b|[\s>:=](?:FAIL|FAILED|ERROR|FAILURE)!?\s*$|^Test Case .* failed \()"},
    // Headings of lists of failures.
    {fail_list, at_start, R"((?i)^\W{0,12}[0-9]* ?(?:failing|failures?|failed tests?|failed|errors?|failed examples|offenses|failed scenarios|failing tests?|failing scenarios|problems?|violations|issues|unexpected failures?|broken tests?|test failures?|list of failed tests?|tests? (?:in error|failed))\W{0,40}$)"},
    {fail_list, at_start, R"((?i)^\W{0,4}there (?:was|were) [0-9]+ (?:failure|error|failed|problem|issue|test))"},
    {fail_list, at_start, R"((?i)^\s*(?:the following (?:tests?|files?|scenarios?|packages|links?|errors?|steps?|targets?|checks?)|summar(?:y|izing) (?:of )?(?:all )?(?:fail|error)|failed examples|failing scenarios|tests? (?:that )?failed|failed tests?|failed test summary|list of))"},
    {fail_list, at_start, R"(^[=_-]{3,} ?[\w.:\[\] -]{2,90} ?[=_-]{3,}$)"},
    {fail_list, at_start, R"(^(?:FAILURES|ERRORS|Failures|Errors|failures|FAILED TESTS|Failed Tests|Test Failures)\b)"},
    {fail_list, at_start, R"(^---- .* (?:stdout|stderr) ----)"},
    {numbered, at_start, R"(^\s{0,6}(?:\[?[0-9]{1,4}\)|[0-9]{1,4}\.\s|\[[0-9]{1,4}\]) ?)"},
    // Compilers and linters.
    {located, at_start, R"(^\W{0,3}(?:[A-Za-z]:)?[\w./\\@+~-]*[\w/\\+-]\.?\w*:[0-9]+(?::[0-9]+)?(?:[:\s-]|$))"},
    {located, at_start, R"(^\W{0,3}[\w./\\@+~-]+\.\w+ ?\([0-9]+(?:,\s?[0-9]+)?\) ?:?)"},
    {located, any_case, R"((?i)\b(?:on |at )?line:? [0-9]+\b)"},
    {located, at_start, R"(^\s*-+> \S+:[0-9]+)"},
    {located, anywhere, R"(\w\.(?:c|cc|cpp|h|hpp|py|js|ts|tsx|jsx|rb|go|rs|java|scala|kt|swift|php|hs|ml|ex|exs|erl|cs|m|lua|pl|el|clj|css|scss|md|yml|yaml|json|sh|vim):[0-9]+)"},
    {located, at_start, R"(^\[(?:error|ERROR|warn)\] \S*[:\[][0-9]+)"},
    {lint_code, anywhere, R"(\b(?:[CEWFRDNBSQ][0-9]{3,4}|SC[0-9]{4}|MD[0-9]{3}|TS[0-9]{4}|CS[0-9]{4}|SA[0-9]{4}|HLINT|RCS[0-9]+)\b)"},
    {lint_code, anywhere, R"(:[0-9]+:[0-9]*:? ?\[?[CEWFRIN]\]?:? )"},
    {lint_code, at_start, R"(^\s+[0-9]+:[0-9]+\s+(?:\xe2\x9c\x96|\xe2\x9a\xa0|error|warning|Error|Warning))"},
    {lint_code, anywhere, R"(\s[a-z@/-]*[a-z]-[a-z]+\s*$)"},
    {lint_code, any_case, R"((?i)\b(?:trailing (?:white)?space|line (?:is )?too long|indentation|unused (?:import|variable)|is defined but never used|missing (?:semicolon|docstring)|whitespace|newline at end|misspell|code style|coding style)\b)"},
    // Stack traces.
    {frame, at_start, R"(^\s*at [\w$.<\[(/@]|^\s+in [\w$.]+.* at )"},
    {frame, at_start, R"(^\s*File "[^"]+", line [0-9]+)"},
    {frame, at_start, R"(^\s*(?:from )?\S+:[0-9]+:in [`'])"},
    {frame, at_start, R"(^\s*#[0-9]+:? )"},
    {frame, at_start, R"(^\s+[\w@.:/\\ -]+\.\w{1,5}:[0-9]+)"},
    {frame, at_start, R"(^\s*[0-9]+: +0x[0-9a-f]+|^\s+[0-9]+: \w+(?:::|<))"},
    {frame, anywhere, R"(\.\w+:[0-9]+(?::[0-9]+)?\)\s*$)"},
    {frame, at_start, R"(^\s+(?:\S+/)?\S+\.\w+:[0-9]+(?::[0-9]+)?\)?\s*$)"},
    {frame, at_start, R"(^\s*\.\.\. [0-9]+ more|^\s+\.\.\.$|^\s*\[\.\.\.\])"},
    {frame, at_start, R"(^\s+\([\w ._-]+\) (?:\S+/)?\S+:[0-9]+:)"},
    {frame, at_start, R"(^=+ ?#[0-9]|^\s*(?:frame #|\*? ?thread #)[0-9])"},
    {frame, at_start, R"(^\s+(?:\[[\w./-]+\]|in) (?:function|method|upvalue|main chunk|[?]))"},
    {frame, anywhere, R"(: in (?:function|main chunk|local|upvalue|field) )"},
    {caret, at_start, R"(^[\s.|>]*[\^~]+[\s^~\w-]*$)"},
    {caret, at_start, R"(^\s*[0-9]* \|(?: |$)|^\s*= (?:note|help):)"},
    {source, at_start, R"(^\s*>? ?[0-9]+ ?(?:\||:|\xe2\x94\x82) )"},
    {diff, at_start, R"(^(?:---|\+\+\+) \S|^@@ |^diff --git|^index [0-9a-f]{7})"},
    {diff, at_start, R"(^\s{0,8}[-+](?:[^-+\s]| {1,8}\S))"},
    {diff, at_start, R"(^[0-9]{3}[-+] )"},
    // What is missing.
    {not_found, any_case, R"((?i)\bno such (?:file|module|command|option|target|task|method|host|table|service|image|key|element)|\bnot found\b|command not found|\bnot installed\b)"},
    {not_found, any_case, R"((?i)\b(?:cannot|can't|could ?n[o']t|can not|unable to|failed to|didn't|couldn't) (?:be )?(?:find|locate|resolve|load|open|import|fetch|download|satisf|access|connect|read|stat|get|determine|link|install|build|parse|compile|create|start|run|execute|write|clone|push|apply|allocate|map|spawn|lock|verify|checkout|retrieve|process|recognized?|perform|bind|launch|detect)\w*)"},
    {not_found, anywhere, R"(No module named|ModuleNotFound|ImportError|ClassNotFound|NoClassDef|Cannot find module|LoadError|cannot load such|no matching (?:version|package|distribution)|No matching|Unresolved|unresolved|UNMET|unmet)"},
    {not_found, any_case, R"((?i)\b(?:undefined (?:reference|symbol|method|variable|local|function|index|offset|name|constant)|does ?n[o']t exist|is not defined|is undefined|is missing|missing (?:required|dependency|file|module|package)|no rule to make|not in scope|cannot be found|nothing (?:provides|matches)|unknown (?:option|command|module|target|package|symbol|type|identifier)|no (?:Rakefile|Makefile|Gemfile|package\.json|tests?|files?) (?:found|were|was))\b)"},
    // The world around.
    {environment, any_case, R"((?i)\b(?:timed? ?out|timeout)\b)"},
    {environment, any_case, R"((?i)connection (?:refused|reset|timed|closed|aborted|failed)|could not resolve|name resolution|unreachable|network is|no route to host|temporary failure|remote end closed|empty reply|handshake|ECONN\w+|ENOTFOUND|ETIMEDOUT|EAI_AGAIN|EHOSTUNREACH|socket hang up|broken pipe)"},
    {environment, any_case, R"((?i)\b(?:permission denied|access denied|operation not permitted|EACCES|EPERM|unauthorized|forbidden|authentication failed|bad credentials|invalid credentials|read-only file|not authorized|denied)\b)"},
    {environment, any_case, R"((?i)no space left|disk quota|out of memory|cannot allocate|memory exhausted|OOM|OutOfMemory|heap space|too many open files|resource temporarily|\bkilled\b|\bENOSPC\b|\bENOMEM\b|heap out of)"},
    {environment, any_case, R"((?i)certificate (?:verif|has|is|not|error|problem|revoked|expired)|\bssl[ _](?:error|routines|handshake|certificate|connect)|tls handshake|x509:|gpg: |(?:checksum|digest|signature|hash sum|hash|hashes) (?:mismatch|error|fail|invalid|verif|does|do not|didn))"},
    {environment, any_case, R"((?i)(?:already|is) (?:in use|allocated|taken)|EADDRINUSE)"},
    {environment, anywhere, R"(\b(?:404|403|401|407|429|500|502|503|504)\b *(?:[A-Z][a-z]+|:|-|$)|(?i:HTTP(?:/[0-9.]+| error| status| code)*:? ?[45][0-9][0-9]))"},
    {environment, any_case, R"((?i)no output has been received|received (?:signal|SIG)|\bterminated\b|signal [0-9]+|stalled|deadlock|hang\b|rate limit)"},
    // Other words of failure.
    {negative, any_case, R"((?i)\b(?:fail(?:ed|ure|ures|s|ing)?|unable|cannot|can't|can not|could not|couldn't|unexpected(?:ly)?|aborted|aborting|abort|refused|rejected|crashed?|broken|illegal|invalid|incorrect|bad|wrong|malformed|corrupt(?:ed)?|violat\w+|exceed(?:ed|s)?|conflicts?|incompatible|unsupported|not (?:allowed|supported|valid|permitted|match)|stopped|giving up|gave up|lost|dead|prohibited|forbidden)\b)"},
    {negative, any_case, R"((?i)\b(?:errors?|exceptions?|problems?|issues?|offen[cs]es?|violations?|defects?)\b)"},
    {negative, any_case, R"((?i)\b(?:undefined|unknown|missing|unrecognized|unresolved|mismatch(?:ed)?|ambiguous|duplicated?|not (?:found|defined|exist|available|installed|a |an ))\b)"},
    {negative, any_case, R"((?i)\b(?:must|should|required|requires|expects?|need(?:s|ed)? to|never|too (?:many|few|long|large|small|old|short)|at least|perhaps|did you)\b)"},
    {severe, any_case, R"((?i)\b(?:panic|fatal|crash(?:ed)?|abort(?:ed|ing)|segfault|unrecoverable|exception|traceback|corrupt\w*|uncaught|unhandled|denied|refused|illegal|undefined|cannot|unable|invalid|unexpected|does not exist|no such)\b)"},
    {shell, at_start, R"(^(?:/\S+/)?(?:ba|z|da|k)?sh: |^\S+: [0-9]+: \S+: )"},
    {shell, anywhere, R"(: line [0-9]+: )"},
    {shell, at_start, R"(^[\w./-]{2,60}: (?:[\w./'-]+: )?(?:cannot|can't|command|not|No such|Permission|unrecognized|invalid|illegal|bad|unknown|missing|unable|failed|error|fatal|could))"},
    // Who says only that another failed.
    {wrapper, at_start, R"(^(?:g|mingw32-)?make(?:\[[0-9]+\])?: \*\*\*|^ninja: build stopped|^(?:FAILED|failed): \[?code)"},
    {wrapper, anywhere, R"(recipe for target)"},
    {wrapper, at_start, R"(^npm ERR!|^error Command failed|^yarn run|^Lerna|^lerna ERR)"},
    {wrapper, anywhere, R"(ELIFECYCLE|errored after|npm error)"},
    {wrapper, at_start, R"((?i)^Execution failed|^\S+ aborted!|^Test failed|^Failed!)"},
    {wrapper, any_case, R"((?i)\bbuild (?:failed|failure|step|unsuccessful|stopped)|BUILD FAILURE|What went wrong|Tests? failed|build errors?)"},
    {wrapper, any_case, R"((?i)aborting due to|could not compile|compilation (?:failed|aborted|terminated|error)|waiting for (?:other|unfinished)|failed with exit|returned non-zero|returned (?:an )?error|terminated with)"},
    {wrapper, at_start, R"(^\[ERROR\] (?:Failed to execute|To see|Re-run|For more|\[Help|After correcting| *mvn|-> )|^\* (?:Try|Get more|Exception is))"},
    {wrapper, at_start, R"(^Error: Process|^error: process)"},
    {wrapper, anywhere, R"(InvocationError|subprocess\.CalledProcess|CalledProcessError|\bCommand ['"`\[]|did not (?:complete|succeed|execute))"},
    {exit_marker, any_case, R"((?i)\bexit(?:ed)?(?: with)?(?: the)?(?: error)?(?: status| code| value)*:? ?(?:code )?[1-9]|exit status [1-9]|(?:error|return) code:? [1-9]|Error [1-9][0-9]*$|rc=[1-9]|status [1-9])"},
    {exit_marker, at_start, R"(^The command "|^Your build has|^Done\. Your build|^The build (?:has|failed))"},
    {exit_marker, anywhere, R"(Process completed with exit)"},
    // Counts.
    {summary, any_case, R"((?i)\b[0-9]+ (?:\w+ )?(?:tests?|examples?|specs?|assertions?|passed|failed|passing|failing|pending|skipped|scenarios?|steps?|failures?|errors?|warnings?|problems?|offenses|suites?|files? inspected|checks?|issues?|violations?)\b)"},
    {summary, any_case, R"((?i)\b(?:tests?|tests? run|passed|failed|failures|errors|skipped|total|successes|assertions|suites|specs|checks|ran|ok|succeeded) ?[:=] ?[0-9]+)"},
    {summary, at_start, R"(^Ran [0-9]+ test|^Executed [0-9]+|^Tests: |^Tests run|^Test Suites:|^Result: |^Files=[0-9]|^test result:|^Total time|^Finished in |^Time:)"},
    {summary, anywhere, R"(tests? completed)"},
    {bad_summary, any_case, R"((?i)\b[1-9][0-9]* (?:unexpected |tests? |specs? |of [0-9]+ )?(?:failed|failures?|failing|errors?|errored|problems?|offenses|broken|violations?|issues?|fails?|mistakes?)\b)"},
    {bad_summary, any_case, R"((?i)\b(?:failed|failures?|errors?|fails?|problems|broken|fail)\b ?(?:tests?)?[:=] ?[1-9])"},
    {bad_summary, at_start, R"(^FAILED \(|^Result: FAIL|^Failed [0-9]+/[0-9]+)"},
    {bad_summary, anywhere, R"(test result: FAILED|[0-9]+ of [0-9]+ (?:tests? )?fail|% tests passed, [1-9])"},
    {zero, any_case, R"((?i)\b(?:0|no) (?:errors?|failures?|failed|failing|problems?|offenses|warnings?|issues?|conflicts)\b|\b(?:failures|errors|failed|fail|warnings?)\b ?[:=] ?0\b)"},
    // Good news.
    {passed, at_start, R"(^\W{0,8}(?:ok|OK|PASS|PASSED|Passed|pass|passed|SUCCESS|success|done|Done)\b)"},
    {passed, anywhere, R"([.:\s-](?:ok|OK|PASS|PASSED|Passed|pass|passed|yes|done|SUCCESS|success|succeeded|up-to-date|UP-TO-DATE|successful)(?:[.)!]?|[ (\[]+[0-9.,]+ ?m?s?(?:ec)?[)\]]?)\s*$)"},
    {passed, anywhere, R"(\xe2\x9c\x93|\xe2\x9c\x94|\xe2\x88\x9a|\[ *(?:OK|ok|PASS|PASSED|\+) *\]|--- PASS|(?i:successfully|no problems|all tests pass|up to date|passed$))"},
    {dots, at_start, R"(^(?:\S{0,40} )?[.,SFEsxX*PNW\xc2\xb7\xe2\x80\xa4-]{8,}(?: ?\[? ?[0-9]+ ?%\]?| [0-9]+ ?/ ?[0-9]+)?\s*$)"},
    {dots, anywhere, R"((?:\xe2\x80\xa4){3}|(?:\xc2\xb7){3}|(?:\xe2\x97\x8f){3}|(?:\xe2\x80\xa2){3})"},
    {warning, any_case, R"((?i)\bwarn(?:ing|ings)?\b|deprecat)"},
    // Progress.
    {noise, at_start, R"((?i)^\W{0,8}(?:\[\S+\] )?(?:download|fetch|install|collect|unpack|select|prepar|process|configur|generat|resolv|receiv|extract|updat|upgrad|compil|build|link|load|creat|copy|clon|start|stopp|clean|delet|remov|check|add|runn|us|bundl|pull|push|transfer|sett|read|writ|scan|requir|launch|execut|initializ|analyz|archiv|packag|publish|restor|import|index|cach|queu|wait|visit|enter|leav|mak|convert|transform)(?:ed|ing|t?ting)\b)"},
    {noise, at_start, R"(^(?:Get|Hit|Ign|Fetched|Need to get|After this|Reading|Building dependency|Preconfiguring|Suggested|Recommended|The following (?:NEW|extra|additional|packages|HELD))\b|^Selecting prev|^(?:remote|Receiving|Resolving|Unpacking objects|Counting|Compressing|Checking out|From|HEAD is now)\b)"},
    {noise, anywhere, R"([0-9]%|[0-9] ?[kKMG]i?B(?:/s)?\b|##########|=>)"},
    {noise, at_start, R"(^\s*\[ *[0-9]+(?:%|/[0-9]+)\])"},
    {noise, at_start, R"(^\s*(?:CC|CXX|LD|AR|AS|GEN|CCLD|CXXLD|ERLC|HOSTCC|LINK|COPY|OBJ|MOC|RANLIB|INSTALL|MKDIR|MAKE|DEP|YACC|LEX|BISON|FLEX|VLOG|JAVAC)\s)"},
    {noise, at_start, R"(^npm (?:WARN|http|info|notice|timing)|^\+-- |^[|`+]-|^(?:\xe2\x94\x9c|\xe2\x94\x94|\xe2\x94\x82)|^Using cached|^Collecting |^Installing collected|^Successfully )"},
    {noise, anywhere, R"(Requirement already)"},
    {noise, at_start, R"(^\s*(?:checking|configure:|looking for|-- (?:Looking|Found|Performing|Check|Detecting|The|Configuring|Generating|Build)|mkdir|cp|mv|ln|install|rm|chmod|ar|ranlib|strip) )"},
    {noise, at_start, R"(^make(?:\[[0-9]+\])?: (?:Entering|Leaving|Nothing)|^(?:libtool|depbase|\(cd|gcc|g\+\+|cc|c\+\+|clang|clang\+\+|/bin/(?:ba)?sh|javac|rustc|ghc|ocamlfind|ld|xmllint|python\S*) .*\s-)"},
    {noise, at_start, R"(^\[INFO\]|^(?:info|INFO|DEBUG|debug|verbose|trace|TRACE)\b)"},
    {noise, anywhere, R"(\[(?:info|INFO|debug|DEBUG)\])"},
    {noise, at_start, R"(^(?:Test(?:ing|s)?|=== (?:RUN|PAUSE|CONT)|\[ RUN|\[=+|\[-+|test \S+ \.\.\. ok|Running|ok [0-9]|PASS))"},
    // Commands and marks.
    {command, at_start, R"(^(?:\$ |\++ |> |% |# ?\$ |\+ )\S|^\s*(?:sudo|cd|export|git|npm|yarn|pip|bundle|docker|python|node|make|cmake|cargo|go|mvn|\./\S+) [\w./-])"},
    {rule, at_start, R"(^\s*(?:[=*_#~+-]{4,}|(?:[-=*] ){4,})\s*[=*_#~+-]*\s*$)"},
    {rule, anywhere, R"((?:\xe2\x94\x80){3}|(?:\xe2\x94\x81){3}|(?:\xe2\x95\x90){3})"},
    {hint, at_start, R"((?i)^\W{0,4}(?:hint|note|help|tip|info|see|please|try|run|rerun|re-run|use|to (?:see|list|fix|run|rerun|debug|ignore|update)|you (?:can|may|should|might|must)|if you|for more|did you mean|perhaps|maybe|suggestion|fix(?:ed)? by|consider)\b)"},
    {hint, any_case, R"((?i)\b(?:see (?:above|the|also|full|logs?)|for (?:more )?(?:details|information)|more info|full (?:log|trace|output)|log (?:of this run|file)|report this|file (?:a|an) (?:bug|issue)|https?://\S+)\b)"},
    {marker, at_start, R"(^travis_|^##\[|^::\w+|^section_(?:start|end)|^(?:0K)?travis|^\[Pipeline\]|^#(?:begin|end)group)"},
    {ignored, any_case, R"((?i)\b(?:ignor(?:ed|ing)|skip(?:ped|ping|s)?|xfail(?:ed)?|expected fail\w*|known (?:failure|issue)s?|will be retried|retry\w*|allowed? (?:to )?fail\w*|non-fatal|continuing|allowed failure|optional|pending|todo|disabled)\b)"},
    {check_failed, anywhere, R"((?i)\b(?:would (?:be )?(?:reformat|chang|format|updat)\w*|not (?:properly )?(?:formatted|sorted|up[- ]to[- ]date|alphabetical)|needs? (?:formatting|to be (?:formatted|updated|run|sorted|committed))|out[- ]of[- ](?:date|sync)|uncommitted|please commit|seems to be missing|was (?:modified|changed)|files? (?:were|was|are) (?:modified|changed|not)|incorrectly formatted|were not formatted|size limit|coverage .*(?:below|threshold|not met|less)|not met|threshold|does not (?:meet|conform|comply|match)|dead link|broken link|duplicate)\b)"},
    // namespace
    // namespace headway
};
// clang-format on

#undef HEADWAY_PREFIX

}  // namespace

std::span<const SignalPattern> signal_patterns() {
  return kPatterns;
}

}  // namespace headway
