@echo off
rem Looks at this PC and shows the result as one block of text to paste into oss-junbi on another machine.
"%~dp0oss-junbi.exe" pc share %*
set code=%errorlevel%
pause
exit /b %code%
