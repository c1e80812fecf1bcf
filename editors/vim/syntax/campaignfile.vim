" Vim syntax of Campaignfiles, see Campaignfile(5).
if exists('b:current_syntax')
  finish
endif

syntax include @campaignShell syntax/sh.vim
unlet! b:current_syntax

syntax match campaignComment /\%(^\|\s\)#.*$/ contains=@Spell
syntax match campaignStatement /^\%(campaign\|scene\|profile\|pool\|model\|include\)\>/ nextgroup=campaignName skipwhite
syntax match campaignName /\S.*$/ contained contains=campaignComment

" A setting, or a parameter: its name before the equals sign.
syntax match campaignSetting /^\s*\zs[A-Za-z_][A-Za-z0-9_-]*\ze\s*=/ nextgroup=campaignEquals skipwhite
syntax match campaignEquals /=/ contained nextgroup=@campaignValue skipwhite

" A rule: outputs, colon, inputs.
syntax match campaignOutput /^[^ \t#=$][^=]\{-}\ze:\%(\s\|$\)/ contains=campaignHole nextgroup=campaignInputs
syntax match campaignInputs /:.*$/ contained contains=campaignHole,campaignFor,campaignComment
syntax match campaignFor /\<for\s\+\S\+\s\+in\>/ contained
syntax match campaignAction /^\s\+\zs\%(collect\|select-pairs\|generate-clip\|compose-music\|combine\|mix-audio\|publish\)\ze\s*\%(#.*\)\?$/

syntax match campaignHole /{[A-Za-z_][A-Za-z0-9_-]*\.[A-Za-z_][A-Za-z0-9_-]*}/
syntax match campaignReference /\$\%(\$\|[A-Za-z_][A-Za-z0-9_-]*\)/
syntax match campaignNumber /\<-\?\d\+\%(\.\d\+\)\?\%(ms\|s\|m\|%\|x\d\+\|:\d\+\|\/\%(s\|min\|h\)\)\?\>%\?/
syntax match campaignUnit /\<-\?\d\+\%(\.\d\+\)\?\s\+\%(USD\|LUFS\)\>/
syntax keyword campaignWord yes no local
syntax region campaignString start=/"/ skip=/\\"/ end=/"/ oneline contains=campaignReference,campaignHole,@Spell
syntax region campaignString start=/"""/ end=/"""/ contains=campaignReference,campaignHole,@Spell
syntax cluster campaignValue contains=campaignString,campaignNumber,campaignUnit,campaignReference,campaignHole,campaignWord

" `$ ` lines are shell; a line that ends in a backslash goes on.
syntax region campaignScript matchgroup=campaignPrompt start=/^\s\+\$\s/ skip=/\\$/ end=/$/ contains=@campaignShell keepend

highlight default link campaignComment Comment
highlight default link campaignStatement Statement
highlight default link campaignName Identifier
highlight default link campaignSetting Type
highlight default link campaignEquals Operator
highlight default link campaignOutput Function
highlight default link campaignFor Repeat
highlight default link campaignAction Keyword
highlight default link campaignHole Special
highlight default link campaignReference PreProc
highlight default link campaignNumber Number
highlight default link campaignUnit Number
highlight default link campaignWord Boolean
highlight default link campaignString String
highlight default link campaignPrompt PreProc

let b:current_syntax = 'campaignfile'
